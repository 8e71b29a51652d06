// Rust and JSON with colours: a tokenizer that is wrong about nothing that matters here.

const TOKENS = new RegExp([
  /(?<cm>\/\/[^\n]*|\/\*[^]*?\*\/)/,
  /(?<st>b?r(#*)"[^]*?"\2|b?"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)')/,
  /(?<at>#!?\[[^\]]*\])/,
  /(?<nu>\b\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?:[iuf]\d+|usize)?\b)/,
  /(?<kw>\b(?:as|async|await|const|crate|else|enum|false|fn|for|if|impl|in|let|loop|match|mod|move|mut|null|pub|ref|return|self|Self|static|struct|super|trait|true|type|unsafe|use|where|while)\b)/,
  /(?<ty>\b[A-Z]\w*\b)/,
].map((part) => part.source).join("|").replace("\\2", "\\3"), "g"); // A raw string ends with the marks that it began with.

// The text as nodes.
export function highlighted(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const kind = Object.entries(match.groups).find(([, value]) => value !== undefined)?.[0];
    if (match.index > end) fragment.append(text.slice(end, match.index));
    const span = document.createElement("span");
    span.className = kind ?? "";
    span.textContent = match[0];
    fragment.append(span);
    end = match.index + match[0].length;
  }
  fragment.append(text.slice(end));
  return fragment;
}
