//! Python files with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

use common::{print, run};

fn check(name: &str, text: &str) {
    let head = text.lines().next().and_then(|line| line.strip_prefix("# facts: ")).expect("a fixture names relations");
    let relations: Vec<&str> = head.split_whitespace().collect();
    let path = format!("backend/app/{name}.py");
    let facts = print(&run(&path, text, &relations)).replace(&format!("\"{path}"), "\"");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, facts);
    });
}

macro_rules! fixtures {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name), include_str!(concat!("fixtures/python/", stringify!($name), ".py")));
        }
    )*};
}

fixtures!(names, flow, order, values, definitions, objects, handed, templates, broken);
