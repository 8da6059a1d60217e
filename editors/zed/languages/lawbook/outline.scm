(control "control" @context id: (id) @name) @item
(relation_declaration "rel" @context name: (identifier) @name) @item
(input_declaration "input" @context name: (identifier) @name) @item
(parameter_declaration "param" @context name: (identifier) @name) @item
(framework_declaration "framework" @context id: (id) @name) @item
(test "test" @context name: (string) @name) @item
