//! Files of JavaScript and TypeScript with the facts they give. A fixture's first line names the relations that its snapshot shows;
//! `#…` in a snapshot stands for a key of the fixture's own file.

mod common;

macro_rules! fixtures {
    ($($name:ident: $file:literal),*) => {$(
        #[test]
        fn $name() {
            common::check("ecmascript", concat!("web/src/app/", $file), include_str!(concat!("fixtures/ecmascript/", $file)));
        }
    )*};
}

fixtures!(
    modules: "modules.ts",
    commonjs: "commonjs.cjs",
    functions: "functions.ts",
    flow: "flow.ts",
    order: "order.js",
    elements: "elements.tsx",
    objects: "objects.ts",
    broken: "broken.ts"
);
