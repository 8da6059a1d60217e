//! Files of Kotlin with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

macro_rules! fixtures {
    ($($name:ident: $file:literal),*) => {$(
        #[test]
        fn $name() {
            let file = concat!("app/src/main/kotlin/com/acme/", $file);
            common::check("kotlin", file, include_str!(concat!("fixtures/kotlin/", $file)));
        }
    )*};
}

fixtures!(names: "Names.kt", flow: "Flow.kt", order: "Order.kt", broken: "Broken.kt");
