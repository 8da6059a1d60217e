//! Python files with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

macro_rules! fixtures {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            let text = include_str!(concat!("fixtures/python/", stringify!($name), ".py"));
            common::check("", concat!("backend/app/", stringify!($name), ".py"), text);
        }
    )*};
}

#[test]
fn notebook() {
    common::check("", "backend/app/notebook.ipynb", include_str!("fixtures/python/notebook.ipynb"));
}

fixtures!(names, flow, order, values, definitions, objects, handed, templates, broken);
