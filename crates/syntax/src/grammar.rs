//! The parser that pest makes of `grammar/law.pest`. Only this crate sees its rules and pairs.

#![allow(missing_docs)]

#[derive(pest_derive::Parser)]
#[grammar = "../../grammar/law.pest"]
pub(crate) struct Law;

#[cfg(test)]
mod tests {
    use super::*;
    use pest::Parser;

    #[test]
    fn the_grammar_alone_describes_whole_files() {
        let samples = [
            include_str!("../tests/corpus/good/clauses.law"),
            include_str!("../tests/corpus/good/items.law"),
            include_str!("../tests/corpus/good/blocks.law"),
            include_str!("../tests/corpus/good/language_policy.law"),
            include_str!("../tests/corpus/good/language_items.law"),
            include_str!("../tests/corpus/good/language_inputs.law"),
        ];
        for sample in samples {
            let items = Law::parse(Rule::file, sample)
                .unwrap_or_else(|error| panic!("{error}"))
                .flat_map(pest::iterators::Pair::into_inner)
                .count();
            let parsed = crate::parse(base::FileId(0), sample).module.items.len();
            assert_eq!(items, parsed + 1, "items and the end of the file");
        }
    }
}
