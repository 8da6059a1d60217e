//! Files of Ruby with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

macro_rules! fixtures {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            let text = include_str!(concat!("fixtures/ruby/", stringify!($name), ".rb"));
            common::check("ruby", concat!("app/controllers/", stringify!($name), ".rb"), text);
        }
    )*};
}

fixtures!(names, flow, order, broken);
