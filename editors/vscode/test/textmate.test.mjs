// The TextMate grammar, tokenized by the libraries that VS Code uses, against a snapshot that is read before it is accepted.
// `UPDATE_SNAPSHOTS=1` writes it anew.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => readFileSync(path.join(root, file), 'utf8');

await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));

/** Languages inside a policy are told by their scope alone. */
const embedded = (scopeName) => textmate.parseRawGrammar(JSON.stringify({ scopeName, patterns: [] }), 'embedded.json');

const registry = new textmate.Registry({
    onigLib: Promise.resolve({
        createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
        createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
        const file = { 'source.lawbook': 'lawbook', 'markdown.lawbook.codeblock': 'markdown' }[scope];
        return file
            ? textmate.parseRawGrammar(read(`syntaxes/${file}.tmLanguage.json`), `${file}.json`)
            : embedded(scope);
    },
});
const grammar = await registry.loadGrammar('source.lawbook');

/** A text line by line, below each its tokens with their innermost scopes. */
function render(text) {
    let stack = textmate.INITIAL;
    const lines = [];
    for (const line of text.replace(/\n$/, '').split('\n')) {
        const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
        stack = ruleStack;
        lines.push(`> ${line}`.trimEnd());
        for (const { startIndex, endIndex, scopes } of tokens) {
            const text = line.slice(startIndex, endIndex);
            const inner = scopes.slice(1).map((scope) => scope.replace(/\.lawbook$/, ''));
            if (text.trim() !== '' && inner.length > 0) lines.push(`  ${JSON.stringify(text)} ${inner.join(' ')}`);
        }
    }
    return `${lines.join('\n')}\n`;
}

const folder = path.join(root, 'test/textmate');
for (const name of readdirSync(folder).filter((name) => name.endsWith('.law'))) {
    test(`the tokens of ${name}`, () => {
        const found = render(readFileSync(path.join(folder, name), 'utf8'));
        const snapshot = path.join(folder, `${name}.snap`);
        if (process.env.UPDATE_SNAPSHOTS) writeFileSync(snapshot, found);
        assert.equal(found, readFileSync(snapshot, 'utf8'));
    });
}

test('no policy of the project leaves a text open', () => {
    const policies = readdirSync(path.join(root, '../../policies'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.law'))
        .map((entry) => path.join(entry.parentPath, entry.name));
    assert.ok(policies.length > 40);
    for (const file of policies) {
        let stack = textmate.INITIAL;
        for (const line of readFileSync(file, 'utf8').split('\n')) {
            const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
            stack = ruleStack;
            // Whatever a line holds, at a keyword in the first column the file is at its outermost.
            if (/^(control|test|rel|input|use|param|entity|framework|open) /.test(line)) {
                assert.match(tokens[0].scopes.at(-1), /storage|keyword/, `${file}: ${line}`);
            }
        }
    }
});

test('tokens that are broken are told, and nothing runs over the line', () => {
    let stack = textmate.INITIAL;
    for (const line of ['p(x) :- x = "abc', 'p(x) :- x matches /abc', 'p(x) :- x = r#"abc']) {
        stack = grammar.tokenizeLine(line, stack).ruleStack;
        const { tokens } = grammar.tokenizeLine('rel a(x: int)', stack);
        assert.ok(tokens[0].scopes.includes('storage.type.relation.lawbook'), line);
    }
});
