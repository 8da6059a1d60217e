//! Files of Rust with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

macro_rules! fixtures {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            let text = include_str!(concat!("fixtures/rust/", stringify!($name), ".rs"));
            common::check("rust", concat!("api/src/web/", stringify!($name), ".rs"), text);
        }
    )*};
}

fixtures!(names, flow, order, broken);
