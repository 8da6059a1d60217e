//! Files of C# with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

macro_rules! fixtures {
    ($($name:ident: $file:literal),*) => {$(
        #[test]
        fn $name() {
            common::check("csharp", concat!("src/Web/", $file), include_str!(concat!("fixtures/csharp/", $file)));
        }
    )*};
}

fixtures!(
    names: "Names.cs",
    definitions: "Definitions.cs",
    flow: "Flow.cs",
    order: "Order.cs",
    program: "Program.cs",
    broken: "Broken.cs"
);
