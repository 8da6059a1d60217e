//! What a language's standard library and customs call things: all that the shared analysis has to be told.

/// The customs of a language.
#[derive(Debug)]
pub struct Idioms {
    /// Methods that put their arguments into the object they are called on.
    pub putting: &'static [&'static str],
    /// Methods of a text that fill their arguments into it.
    pub formatting: &'static [&'static str],
    /// Functions that fill their further arguments into the text that is their first, and how its holes are written.
    pub format_functions: &'static [(&'static str, Holes)],
    /// Methods of a text with holes like `%s` that fill their arguments into it.
    pub percent_formatting: &'static [&'static str],
    /// Methods that join their arguments into one text.
    pub joining: &'static [&'static str],
    /// Functions that join the entries of a list into one text, and which of their arguments is the list; the other of the two comes in between.
    pub join_functions: &'static [(&'static str, usize)],
    /// Methods of a list that join its entries, with their argument in between, into one text.
    pub list_joining: &'static [&'static str],
    /// Methods of a text that take white space away.
    pub trimming: &'static [&'static str],
    /// Methods of a text that put their second argument in the place of their first.
    pub replacing: &'static [&'static str],
    /// Functions that take white space away from the text that is their first argument.
    pub cleaning: &'static [&'static str],
    /// Functions that never return, by their last part.
    pub leaving: &'static [&'static str],
    /// Names that are defined everywhere, sorted.
    pub builtins: &'static [&'static str],
    /// The type of texts.
    pub text: &'static str,
    /// Types of lists, tuples, sets and maps.
    pub containers: [&'static str; 4],
    /// Objects whose entries are environment variables.
    pub environment: &'static [&'static str],
    /// Functions that read the environment variable of their first argument, the second being the default.
    pub environment_calls: &'static [&'static str],
    /// Functions whose result stands for their first argument: partial application.
    pub partial: &'static [&'static str],
    /// Methods of a function whose result stands for the function.
    pub binding: &'static [&'static str],
    /// Functions whose result has the type that is their first argument.
    pub casts: &'static [&'static str],
    /// Functions that declare a field or parameter and hold its default.
    pub fields: &'static [&'static str],
    /// Their arguments that are the default, beside the first.
    pub defaults: &'static [&'static str],
    /// Their arguments that make the default.
    pub factories: &'static [&'static str],
    /// Methods of maps that take out the entry of their first argument, or else give their second.
    pub lookups: &'static [&'static str],
    /// The method that gives a map's values to go through.
    pub map_values: &'static str,
    /// Functions that read the attribute of their first argument named by their second, or else give their third.
    pub attribute_reads: &'static [&'static str],
    /// Whether a map's entries are read as attributes: `MODELS.fast` of `{ fast: "…" }`.
    pub entries_are_attributes: bool,
    /// Objects whose attributes are environment variables.
    pub environment_attributes: &'static [&'static str],
    /// Methods that hand their object, or what is in it, to the function that they are given, and which argument of that function it is.
    pub passing: &'static [(&'static str, usize)],
    /// What an error handler is called.
    pub handler: &'static str,
    /// What the value of an enumeration's member is read by.
    pub enum_value: &'static str,
    /// Functions that run the function they are given.
    pub runners: &'static [Runner],
    /// Their arguments that are the function.
    pub function_keywords: &'static [&'static str],
    /// Their arguments that are a tuple of the function's arguments.
    pub argument_keywords: &'static [&'static str],
    /// Their arguments that are a map of the function's named arguments.
    pub option_keywords: &'static [&'static str],
    /// Constructors of maps from named arguments.
    pub maps: &'static [&'static str],
    /// Generic types whose objects hold many of the type that is their last parameter.
    pub collections: &'static [&'static str],
    /// Methods of such objects that give one of the many, and those that give many of the same.
    pub taking: &'static [&'static str],
    pub sifting: &'static [&'static str],
    /// Generic types that say something beside the type that is their first parameter.
    pub wrappers: &'static [&'static str],
    /// Those of them whose further parameters are values.
    pub annotated: &'static [&'static str],
    /// Decorators that make a method an attribute.
    pub properties: &'static [&'static str],
    /// The call that stands for the object as its base class sees it.
    pub base_object: &'static str,
    /// Whether what is called with several results goes by its first.
    pub first_result: bool,
}

impl Idioms {
    /// A language without any customs: what one does not have, it does not speak of.
    pub const NONE: Idioms = Idioms {
        putting: &[],
        formatting: &[],
        format_functions: &[],
        percent_formatting: &[],
        joining: &[],
        join_functions: &[],
        list_joining: &[],
        trimming: &[],
        replacing: &[],
        cleaning: &[],
        leaving: &[],
        builtins: &[],
        text: "",
        containers: [""; 4],
        environment: &[],
        environment_calls: &[],
        partial: &[],
        binding: &[],
        casts: &[],
        fields: &[],
        defaults: &[],
        factories: &[],
        lookups: &[],
        map_values: "",
        attribute_reads: &[],
        entries_are_attributes: false,
        environment_attributes: &[],
        passing: &[],
        handler: "",
        enum_value: "",
        runners: &[],
        function_keywords: &[],
        argument_keywords: &[],
        option_keywords: &[],
        maps: &[],
        collections: &[],
        taking: &[],
        sifting: &[],
        wrappers: &[],
        annotated: &[],
        properties: &[],
        base_object: "",
        first_result: false,
    };
}

/// How holes in a text are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holes {
    /// `%s`
    Percent,
    /// `{0}`
    Braces,
    /// Not at all: each argument is a part of the text.
    Each,
}

/// A function that runs another.
#[derive(Debug)]
pub struct Runner {
    /// The last part of its name.
    pub method: &'static str,
    /// The place of the function among its arguments; none where it is always named.
    pub function: Option<usize>,
    /// What stands after the function.
    pub after: After,
    /// Whether the name is so rare that the argument is surely a function.
    pub sure: bool,
}

/// What stands after the function in a call of a runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The function's own arguments.
    Arguments,
    /// A tuple and a map of them.
    Packed,
    /// Nothing of the function's.
    Nothing,
    /// Nothing of the function's, which is given the object that the runner is called on, or what is in it.
    Object,
}
