(relation_declaration name: (identifier) @name) @definition.function
(input_declaration name: (identifier) @name) @definition.function
(entity_declaration name: (identifier) @name) @definition.type
(parameter_declaration name: (identifier) @name) @definition.constant
(framework_declaration id: (id) @name) @definition.module
(control id: (id) @name) @definition.class
(test name: (string (string_content) @name)) @definition.test

(atom relation: (path (identifier) @name .)) @reference.call
(call function: (path (identifier) @name .)) @reference.call
(use_declaration module: (path (identifier) @name .)) @reference.module
(type (path (identifier) @name .)) @reference.type
