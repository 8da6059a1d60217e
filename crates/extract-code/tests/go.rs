//! Files of Go with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

macro_rules! fixtures {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            let file = concat!("backend/chat/", stringify!($name), ".go");
            common::check("go", file, include_str!(concat!("fixtures/go/", stringify!($name), ".go")));
        }
    )*};
}

fixtures!(names, definitions, flow, order, values, literals, broken);
