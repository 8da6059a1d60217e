// The grammar that is committed in its generated form is the one that is written: `grammar.js`, evaluated here by the
// functions that it is made of, is `src/grammar.json`. Where it is not: `tree-sitter generate`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
const generated = JSON.parse(readFileSync(new URL('../src/grammar.json', import.meta.url), 'utf8'));

const BLANK = { type: 'BLANK' };

function rule(value) {
    if (typeof value === 'string') return { type: 'STRING', value };
    if (value instanceof RegExp) return { type: 'PATTERN', value: value.source };
    return value;
}

const precedence = (type) => (value, content) => ({ type, value, content: rule(content) });

Object.assign(globalThis, {
    seq: (...members) => ({ type: 'SEQ', members: members.map(rule) }),
    choice: (...members) => ({ type: 'CHOICE', members: members.map(rule) }),
    optional: (content) => ({ type: 'CHOICE', members: [rule(content), BLANK] }),
    repeat: (content) => ({ type: 'REPEAT', content: rule(content) }),
    repeat1: (content) => ({ type: 'REPEAT1', content: rule(content) }),
    field: (name, content) => ({ type: 'FIELD', name, content: rule(content) }),
    alias: (content, value) => ({
        type: 'ALIAS',
        content: rule(content),
        named: typeof value !== 'string',
        value: typeof value === 'string' ? value : value.name,
    }),
    prec: Object.assign(precedence('PREC'), { left: precedence('PREC_LEFT'), right: precedence('PREC_RIGHT') }),
    token: Object.assign((content) => ({ type: 'TOKEN', content: rule(content) }), {
        immediate: (content) => ({ type: 'IMMEDIATE_TOKEN', content: rule(content) }),
    }),
    grammar: (written) => written,
});

const written = require('../grammar.js');
const $ = new Proxy({}, { get: (_, name) => ({ type: 'SYMBOL', name }) });

test('the generated grammar is the one that is written', () => {
    const rules = Object.fromEntries(Object.entries(written.rules).map(([name, make]) => [name, rule(make($))]));
    assert.deepEqual(Object.keys(generated.rules), Object.keys(rules));
    for (const name of Object.keys(rules)) assert.deepEqual(generated.rules[name], rules[name], name);
    assert.deepEqual(generated.externals, written.externals($).map(rule));
    assert.deepEqual(generated.extras, written.extras($).map(rule));
    assert.deepEqual(generated.supertypes, written.supertypes($).map((symbol) => symbol.name));
    assert.deepEqual(generated.conflicts, written.conflicts($).map((rules) => rules.map((symbol) => symbol.name)));
    assert.equal(generated.word, written.word($).name);
});

test('the generated parser has the names of that grammar', () => {
    const parser = readFileSync(new URL('../src/parser.c', import.meta.url), 'utf8');
    const names = new Set([...parser.matchAll(/^ {2}\[\w+\] = "([^"]*)",$/gm)].map((found) => found[1]));
    const shown = Object.keys(generated.rules).filter((name) => !name.startsWith('_'));
    for (const name of shown.filter((name) => !written.supertypes($).some((symbol) => symbol.name === name))) {
        assert.ok(names.has(name) || ['glob'].includes(name), name);
    }
});

test('the scanner names the tokens in the order of the grammar', () => {
    const scanner = readFileSync(new URL('../src/scanner.c', import.meta.url), 'utf8');
    const tokens = /enum TokenType \{([^}]*)\}/.exec(scanner)[1].match(/[A-Z_]+/g);
    const same = { FIELDS_START: '_fields_start', FILE_WORD: '_file' };
    const expected = written.externals($).map((symbol) => symbol.name.replace(/^_/, '').toUpperCase());
    assert.deepEqual(tokens.map((token) => (same[token] ?? token).replace(/^_/, '').toUpperCase()), expected);
});
