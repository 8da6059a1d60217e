// Packs the extension as a VSIX: a zip with the manifest that the marketplace and `code --install-extension` read. It is
// the same, byte for byte, for the same files.

import { createWriteStream } from 'node:fs';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

/** What the extension consists of when it is installed. */
const PARTS = [
    'package.json',
    'README.md',
    'LICENSE-MIT',
    'LICENSE-APACHE',
    'language-configuration.json',
    'dist/extension.js',
    'dist/extension.js.LEGAL.txt',
    'media',
    'schemas',
    'snippets',
    'syntaxes',
];

/** Files of the project that lie elsewhere in the checkout. */
const ELSEWHERE = { 'LICENSE-MIT': '../../LICENSE-MIT', 'LICENSE-APACHE': '../../LICENSE-APACHE' };

const TYPES = { '.json': 'application/json', '.js': 'application/javascript', '.md': 'text/markdown', '.txt': 'text/plain', '.svg': 'image/svg+xml', '.png': 'image/png', '.vsixmanifest': 'text/xml' };

async function files(part) {
    const source = path.join(root, ELSEWHERE[part] ?? part);
    try {
        const entries = await readdir(source, { recursive: true, withFileTypes: true });
        return entries
            .filter((entry) => entry.isFile())
            .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
            .map((name) => ({ name, source: path.join(root, name) }));
    } catch (error) {
        if (error.code === 'ENOTDIR') return [{ name: part, source }];
        if (error.code === 'ENOENT' && part.endsWith('.LEGAL.txt')) return [];
        throw error;
    }
}

const xml = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function vsixManifest() {
    const { name, publisher, version, displayName, description, categories, keywords, engines, icon } = manifest;
    const languages = manifest.contributes.languages.flatMap(({ id, extensions }) => [id, ...extensions.map((ending) => `__ext_${ending.slice(1)}`)]);
    return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011" xmlns:d="http://schemas.microsoft.com/developer/vsx-schema-design/2011">
  <Metadata>
    <Identity Language="en-US" Id="${xml(name)}" Version="${xml(version)}" Publisher="${xml(publisher)}"/>
    <DisplayName>${xml(displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(description)}</Description>
    <Tags>${xml([...keywords, ...languages].join(','))}</Tags>
    <Categories>${xml(categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${xml(engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
    </Properties>
    <License>extension/LICENSE-MIT</License>
    <Icon>extension/${xml(icon)}</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE-MIT" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Icons.Default" Path="extension/${xml(icon)}" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}

function contentTypes(names) {
    const endings = [...new Set(names.map((name) => path.extname(name)))].filter(Boolean).sort();
    const defaults = endings.map((ending) => `<Default Extension="${ending}" ContentType="${TYPES[ending] ?? 'application/octet-stream'}"/>`);
    return `<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults.join('')}</Types>\n`;
}

const content = (await Promise.all(PARTS.map(files))).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
const archive = new yazl.ZipFile();
// Zip knows no time before this.
const mtime = new Date(1980, 0, 1);
archive.addBuffer(Buffer.from(vsixManifest()), 'extension.vsixmanifest', { mtime });
archive.addBuffer(Buffer.from(contentTypes(['.vsixmanifest', ...content.map(({ name }) => name)])), '[Content_Types].xml', { mtime });
for (const { name, source } of content) archive.addBuffer(await readFile(source), `extension/${name}`, { mtime, mode: 0o644 });
archive.end();

const target = path.join(root, 'dist', `lawbook-${manifest.version}.vsix`);
await mkdir(path.dirname(target), { recursive: true });
await pipeline(archive.outputStream, createWriteStream(target));
console.log(path.relative(process.cwd(), target));
