// What the manifest, the schema, the snippets and the packed extension promise, held against each other and against the
// program where it is built.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';

const root = fileURLToPath(new URL('..', import.meta.url));
const json = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const manifest = json('package.json');
const { contributes } = manifest;

/** The binary that the rest of the tests built. */
const lawbook = process.env.LAWBOOK;

test('every file that the manifest names exists', () => {
    const named = [
        manifest.icon,
        ...contributes.languages.flatMap(({ configuration, icon }) => [configuration, icon.light, icon.dark]),
        ...contributes.grammars.map((grammar) => grammar.path),
        ...contributes.snippets.map((snippets) => snippets.path),
        ...contributes.tomlValidation.map((validation) => validation.url),
        ...contributes.walkthroughs.flatMap(({ steps }) => steps.map((step) => step.media.markdown)),
    ];
    for (const file of named) assert.ok(existsSync(path.join(root, file)), file);
});

test('the commands of the palette, the menus and the walkthrough are registered', () => {
    const sources = ['commands', 'explain'].map((name) => readFileSync(path.join(root, `src/${name}.ts`), 'utf8')).join();
    const declared = contributes.commands.map(({ command }) => command);
    for (const command of declared) assert.ok(sources.includes(`'${command}'`), command);
    const used = Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command));
    const steps = contributes.walkthroughs.flatMap(({ steps }) => steps);
    const linked = steps.flatMap(({ description }) => [...description.matchAll(/command:(lawbook\.\w+)/g)].map((found) => found[1]));
    for (const command of [...used, ...linked]) assert.ok(declared.includes(command), command);
});

test('no setting is both a value and a table, and each is described', () => {
    const settings = Object.entries(contributes.configuration.properties);
    for (const [name, setting] of settings) {
        assert.ok(setting.description ?? setting.markdownDescription, name);
        assert.ok(!settings.some(([other]) => other.startsWith(`${name}.`)), name);
    }
});

test('patterns of the language configuration are regexes', () => {
    const configuration = json('language-configuration.json');
    const word = new RegExp(configuration.wordPattern, 'g');
    assert.deepEqual('scope(v) :- model_vendor(v), AI'.match(word), ['scope', 'v', 'model_vendor', 'v', 'AI']);
    const { increaseIndentPattern, decreaseIndentPattern } = configuration.indentationRules;
    for (const line of ['control A "a" {', 'p(x) :-', '    vendor.register{', 'rel a(']) assert.match(line, new RegExp(increaseIndentPattern), line);
    for (const line of ['p(x) :- q(x).', '// {', 'expect pass A']) assert.doesNotMatch(line, new RegExp(increaseIndentPattern), line);
    assert.match('    }', new RegExp(decreaseIndentPattern));
    for (const rule of configuration.onEnterRules) new RegExp(rule.beforeText);
});

/** What a snippet inserts when its placeholders are left as they are. */
function expand(body) {
    const values = new Map();
    const fill = (text) => {
        // Innermost first: a placeholder may hold escaped braces.
        text = text.replace(/\$\{(\d+)\|([^|]*)\|\}/g, (_, number, choices) => {
            const first = choices.split(',')[0];
            values.set(number, first);
            return first;
        });
        text = text.replace(/\$\{(\d+):((?:[^\\}$]|\\.|\$\d+|\$\{\d+:(?:[^\\}]|\\.)*\})*)\}/g, (_, number, value) => {
            const inner = fill(value).replace(/\\([\\$}])/g, '$1');
            values.set(number, inner);
            return inner;
        });
        return text.replace(/\$\{?(\d+)\}?/g, (_, number) => values.get(number) ?? '');
    };
    return fill(body.join('\n'));
}

test('snippets expand to what the parser reads', { skip: !lawbook && 'LAWBOOK names no binary' }, () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'lawbook-snippets-'));
    for (const [name, { prefix, body }] of Object.entries(json('snippets/lawbook.json'))) {
        const text = expand(body);
        const inside = { violation: (it) => `control A "a" {\n${it}\n}`, count: (it) => `p(n) :- ${it}.` }[prefix];
        const file = path.join(folder, 'snippet.law');
        writeFileSync(file, `${inside ? inside(text) : text}\n`);
        let said = '';
        try {
            execFileSync(lawbook, ['fmt', '--check', file], { stdio: 'pipe' });
        } catch (error) {
            said = `${error.stdout}${error.stderr}`;
        }
        assert.doesNotMatch(said, /error\[/, `${name}:\n${text}\n${said}`);
    }
    rmSync(folder, { recursive: true });
});

test('the schema of lawbook.toml says what the program says', () => {
    const validate = new Ajv({ strict: false }).compile(json('schemas/lawbook.schema.json'));
    const good = [
        {},
        { policies: { packs: ['soc2-ai'], paths: 'policies' } },
        { inputs: { include: ['a'], exclude: 'b/**', languages: ['python'], 'vendor.register': 'grc/vendors.xlsx' } },
        { params: { 'soc2_ai.params.window': '90d', soc2_ai: { params: { limit: 3 } } } },
        { check: { as_of: '2026-11-20', fail_on: 'never', severity: 'high', require_evidence: true, salt: 's' } },
        { waivers: { files: ['waivers.csv'] } },
    ];
    const bad = [
        { policy: {} },
        { policies: { pack: ['x'] } },
        { policies: { packs: [1] } },
        { inputs: { excluded: ['x'] } },
        { check: { fail_on: 'severe' } },
        { check: { require_evidence: 'yes' } },
        { waivers: { file: 'x' } },
    ];
    for (const settings of good) assert.ok(validate(settings), JSON.stringify([settings, validate.errors]));
    for (const settings of bad) assert.ok(!validate(settings), JSON.stringify(settings));
});

test('the keys of the schema are those that the program knows', () => {
    const source = readFileSync(path.join(root, '../../crates/audit/src/settings.rs'), 'utf8');
    const schema = json('schemas/lawbook.schema.json');
    const sections = /const SECTIONS[^=]*= \[([^\]]*)\]/.exec(source)[1].match(/\w+/g);
    assert.deepEqual(Object.keys(schema.properties).sort(), [...sections].sort());
    const keys = /const KEYS[^=]*= \[([^\]]*)\]/.exec(source)[1].match(/\w+/g);
    assert.deepEqual(Object.keys(schema.properties.check.properties).sort(), [...keys].sort());
});

test('the lock file names no host', () => {
    for (const file of ['package-lock.json', 'test/editor/package-lock.json']) {
        assert.doesNotMatch(readFileSync(path.join(root, file), 'utf8'), /"resolved"/, file);
    }
});

test('the packed extension holds what it needs and nothing else, and is the same each time', () => {
    const pack = () => {
        execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')]);
        execFileSync(process.execPath, [path.join(root, 'scripts/package.mjs')]);
        return readFileSync(path.join(root, `dist/lawbook-${manifest.version}.vsix`));
    };
    const vsix = pack();
    assert.ok(vsix.equals(pack()), 'two packs of the same files differ');
    const names = [...vsix.toString('latin1').matchAll(/PK\x01\x02.{42}((?:extension|\[Content)[\w./[\] -]*)/gs)].map((found) => found[1]);
    for (const wanted of ['extension.vsixmanifest', 'extension/package.json', 'extension/dist/extension.js', 'extension/README.md']) {
        assert.ok(names.some((name) => name.startsWith(wanted)), `${wanted} in ${names}`);
    }
    assert.ok(!names.some((name) => /node_modules|src\/|test\/|\.map$/.test(name)), names.join());
    assert.ok(vsix.length < 1_000_000, `${vsix.length} bytes`);
});
