"""P7: code that the program writes is complete, typed, parses, holds no secret and no pattern known to be dangerous."""

from __future__ import annotations

import ast
import builtins
import json
import re
import sys
import tomllib
from collections.abc import Iterator

from service.api.redact import stretches
from service.persona.finding import ABSENT, Finding, found
from service.persona.lexicon import dangers, packages
from service.persona.manuscript import Fence, Manuscript, folded

_PYTHON = ("python", "py", "python3")
_SHELL = ("bash", "sh", "shell", "console", "zsh")
_HARMLESS = ("mail address", "telephone number", "account number", "card number", "social security number")
"""What a log may not hold, and code may."""

_READ = re.compile(r"[{$<]|environ|getenv")
"""A secret that is read from elsewhere, and none."""

_STUB = re.compile(
    r"^\s*\.\.\.\s*$|\.\.\.\s*(?:#.*)?$|\b(?:TODO|FIXME|XXX)\b|#\s*(?:rest|your code|and so on|etc|same as|omitted"
    r"|snip|fill in)"
    r"|\byour[-_](?:\w+[-_]?)+here\b|<your[-_ ]|\bpass\s*#|NotImplementedError",
    re.IGNORECASE | re.MULTILINE,
)


def p7(manuscript: Manuscript) -> Finding:
    """The code of the program's own: each block is judged by its language."""
    written = [f for f in manuscript.fences if not f.quoted and f.language not in ("mermaid", "text", "markdown", "md")]
    if not written:
        return ABSENT
    return found(fault for fence in written for fault in _faults(fence, manuscript))


def _faults(fence: Fence, manuscript: Manuscript) -> Iterator[str]:
    code = fence.code
    if not fence.language:
        yield f"a block of no language: {code}"
    for one in stretches(code):
        if one.kind not in _HARMLESS and not _READ.search(code[one.start : one.end]):
            yield f"a secret: {one.kind}"
    for pattern, why in dangers():
        if match := pattern.search(code):
            yield f"{why}: {match.group()}"
    if stub := _STUB.search(code):
        yield f"not complete: {stub.group()}"
    yield from _unparsed(fence)
    if fence.language in _PYTHON:
        tree = _tree(code)
        yield from _untyped(tree)
        yield from _absent(tree, manuscript)
    if fence.language in _SHELL:
        yield from _unknown(code, manuscript)


def _unparsed(fence: Fence) -> Iterator[str]:
    """What the parser of its language says."""
    import yaml

    try:
        if fence.language in _PYTHON:
            ast.parse(fence.code)
        elif fence.language == "json":
            json.loads(fence.code)
        elif fence.language == "toml":
            tomllib.loads(fence.code)
        elif fence.language in ("yaml", "yml"):
            list(yaml.safe_load_all(fence.code))
        elif fence.language in _SHELL and _unbalanced(fence.code):
            yield f"does not parse: quotes or brackets are left open: {fence.code}"
    except (SyntaxError, ValueError, RecursionError, yaml.YAMLError) as error:
        yield f"does not parse: {error}"


def _unbalanced(code: str) -> bool:
    text = re.sub(r"\\.", "", re.sub(r"(?m)(?<!\S)#.*$", "", code))
    text = re.sub(r"'[^']*'", "", text)
    text = re.sub(r'"[^"]*"', "", text)
    return any(text.count(a) != text.count(b) for a, b in ("()", "{}")) or "'" in text or '"' in text


def _tree(code: str) -> ast.Module:
    """The syntax tree; an empty one of what does not parse, which is told already."""
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _untyped(tree: ast.Module) -> Iterator[str]:
    """Functions without types, and names that are used and never made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [a for a in (*node.args.args, *node.args.kwonlyargs) if a.arg not in ("self", "cls")]
            if node.returns is None or any(a.annotation is None for a in given):
                yield f"without types: {node.name}"
        elif isinstance(node, ast.ExceptHandler) and node.type is None:
            yield "catches everything: except:"
    made = {
        alias.asname or alias.name.split(".")[0]
        for n in ast.walk(tree)
        if isinstance(n, ast.Import | ast.ImportFrom)
        for alias in n.names
    }
    made |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store | ast.Del)}
    made |= {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    made |= {
        a.arg for n in ast.walk(tree) if isinstance(n, ast.arguments) for a in (*n.args, *n.kwonlyargs, *n.posonlyargs)
    }
    made |= {a.arg for n in ast.walk(tree) if isinstance(n, ast.arguments) for a in (n.vararg, n.kwarg) if a}
    made |= {n.name for n in ast.walk(tree) if isinstance(n, ast.ExceptHandler) and n.name}
    used = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    for name in dict.fromkeys(used):
        if name not in made and not hasattr(builtins, name):
            yield f"a name from nowhere: {name}"


def _absent(tree: ast.Module, manuscript: Manuscript) -> Iterator[str]:
    """Imported packages that neither Python, the reviewed list, the evidence nor the question names.

    What is installed where the linter runs has no say: an answer is judged the same everywhere.
    """
    named = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    named += [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module and not n.level]
    known = manuscript.evidence + " " + folded(manuscript.question)
    for package in dict.fromkeys(name.partition(".")[0] for name in named):
        told = re.search(rf"(?<!\w){re.escape(folded(package))}(?!\w)", known)
        if package not in sys.stdlib_module_names and package not in packages() and not told:
            yield f"not verified, an import that no document names: {package}"


def _unknown(code: str, manuscript: Manuscript) -> Iterator[str]:
    """Long flags that neither the evidence nor the question has."""
    known = manuscript.evidence + " " + folded(manuscript.question)
    for flag in dict.fromkeys(re.findall(r"(?<!\S)--[a-z][\w-]+", code)):
        if folded(flag) not in known:
            yield f"a flag that no document has: {flag}"
