//! Files of Java with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

macro_rules! fixtures {
    ($($name:ident: $file:literal),*) => {$(
        #[test]
        fn $name() {
            let file = concat!("app/src/main/java/com/acme/chat/", $file);
            common::check("java", file, include_str!(concat!("fixtures/java/", $file)));
        }
    )*};
}

fixtures!(
    names: "Names.java",
    definitions: "Definitions.java",
    flow: "Flow.java",
    order: "Order.java",
    values: "Values.java",
    broken: "Broken.java"
);
