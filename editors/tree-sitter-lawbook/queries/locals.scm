; Variables live in their clause; what a file declares lives in the file, what a control declares in the control.

(source_file) @local.scope
(control_block) @local.scope
(rule) @local.scope
(fact) @local.scope
(aggregate) @local.scope

(relation_declaration name: (identifier) @local.definition.function)
(input_declaration name: (identifier) @local.definition.function)
(entity_declaration name: (identifier) @local.definition.type)
(parameter_declaration name: (identifier) @local.definition.constant)
(use_declaration alias: (identifier) @local.definition.import)
(use_declaration module: (path (identifier) @local.definition.import .))
(iteration alias: (identifier) @local.definition.var)

; The head names the variables of its clause.
(rule head: (atom (arguments (variable (identifier) @local.definition.var))))
(rule head: (atom (named_arguments (named_argument value: (variable (identifier) @local.definition.var)))))
(rule head: (atom (named_arguments (shorthand_argument (identifier) @local.definition.var))))

(variable (identifier) @local.reference)
(shorthand_argument (identifier) @local.reference)
(optional_variable (identifier) @local.reference)
(atom relation: (path . (identifier) @local.reference))
(type (path . (identifier) @local.reference))
