"""Promises about the whole code base that no linter checks."""

import ast
import importlib
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "croqualim"

PUBLIC_PAGES = {
    "pages:home",
    "ui:components",
    "territory:suggestions",  # names of communes, which everybody knows
    "accounts:sign_in",
    "accounts:enter_code",
    "accounts:choose_person",
    "accounts:enter_by_card",
    "accounts:staff_sign_in",
    "accounts:forgotten_password",
    "accounts:choose_password",
    "groupbuy:groups",
    "groupbuy:group",
    "groupbuy:join",
}


def files(*patterns: str) -> list[Path]:
    return sorted(
        path
        for pattern in patterns
        for path in CODE.rglob(pattern)
        if "migrations" not in path.parts
    )


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def trees(*patterns: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in files(*patterns):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def is_web(path: Path) -> bool:
    """Where the outside comes in: views, sessions, tasks, commands."""
    parts = path.relative_to(CODE).parts
    doors = {"views", "views.py", "sessions.py", "tasks.py", "management"}
    return not doors.isdisjoint(parts)


def domains() -> set[str]:
    return {path.parent.name for path in CODE.glob("*/__init__.py")}


def named_pages(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_pages(pattern, pattern.namespace or namespace)
        else:
            yield f"{namespace}:{pattern.name}", pattern


# ------------------------------------------------------------------------------------- pages


def test_only_these_pages_are_public():
    public = {
        name
        for name, page in named_pages(get_resolver())
        if not getattr(page.callback, "login_required", True)
    }

    assert public == PUBLIC_PAGES


def test_every_page_has_a_name_of_its_own():
    names = [name for name, _page in named_pages(get_resolver())]

    assert not [name for name in names if name.endswith(":None")]
    assert len(names) == len(set(names))


def test_every_page_named_in_the_code_exists():
    """A wrong name is found here, not by the one person whose page has that link."""
    known = {name for name, _page in named_pages(get_resolver())}
    namespaces = "|".join({name.partition(":")[0] for name in known})
    quoted = re.compile(rf"""["']((?:{namespaces}):[a-z][a-z_]*)["']""")

    unknown = [
        f"{short(path)}: {name}"
        for path in files("*.py", "*.html")
        for name in quoted.findall(path.read_text(encoding="utf-8"))
        if name not in known
    ]

    assert unknown == []


# ------------------------------------------------------------------------------------- layers

STORAGE = {
    *("objects", "filter", "exclude", "save", "delete", "create", "get_or_create"),
    *("update_or_create", "bulk_create", "bulk_update", "select_related", "prefetch_related"),
    *("annotate", "aggregate", "get_object_or_404", "get_list_or_404", "atomic"),
}


def test_views_leave_the_database_to_access_queries_and_actions():
    touching = [
        f"{short(path)}:{node.lineno} {word}"
        for path, tree in trees("views.py", "views/**/*.py")
        for node in ast.walk(tree)
        if (word := getattr(node, "attr", getattr(node, "id", ""))) in STORAGE
    ]

    assert touching == []


def test_only_the_web_and_the_commands_read_the_clock():
    """Everything else is told what time it is, and so can be tried at any time."""
    clocks = {"now", "today", "utcnow", "monotonic"}
    local = {"localdate", "localtime"}  # of a moment they only translate it

    reading = [
        f"{short(path)}:{node.lineno}"
        for path, tree in trees("*.py")
        if not is_web(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for name in [getattr(node.func, "attr", getattr(node.func, "id", ""))]
        if name in clocks or (name in local and not node.args)
    ]

    assert reading == []


def called_actions() -> Iterator[tuple[str, object]]:
    """The functions of actions modules that views, tasks and commands name."""
    for path, tree in trees("*.py"):
        if not is_web(path):
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        module = importlib.import_module(name)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute | ast.Name):
                found = _value(node, module)
                if inspect.isfunction(found) and ".actions" in found.__module__:
                    yield f"{found.__module__}.{found.__name__}", found


def _value(node: ast.expr, module: object) -> object:
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute):
        return getattr(_value(node.value, module), node.attr, None)
    return None


def test_what_people_do_is_called_by_keyword_and_typed():
    called = dict(called_actions())
    assert len(called) > 50  # else this test looks at nothing

    by_position = {
        name
        for name, action in called.items()
        for parameter in inspect.signature(action).parameters.values()
        if parameter.kind not in {parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD}
    }
    untyped = {
        name
        for name, action in called.items()
        for part in [
            inspect.signature(action).return_annotation,
            *(p.annotation for p in inspect.signature(action).parameters.values()),
        ]
        if part is inspect.Signature.empty
    }

    assert by_position == set()
    assert untyped == set()


def test_nothing_happens_behind_a_call():
    """No signals, and no save() that does more than save."""
    for path, tree in trees("*.py"):
        imported = {
            f"{node.module}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        methods = {
            method.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for method in node.body
            if isinstance(method, ast.FunctionDef)
        }

        assert not [name for name in imported if re.search(r"signals|dispatch", name)], short(path)
        assert not methods & {"save", "delete"} or path.name == "forms.py", short(path)


def test_every_domain_has_its_line_in_the_contract_and_in_the_documentation():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers, inside, *_ = pyproject["tool"]["importlinter"]["contracts"]
    layered = {name.strip() for line in layers["layers"] for name in line.split("|")}
    documentation = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    drawn = {
        name.strip()
        for line in re.findall(r"^    ([a-z| ]+?)  ", documentation, flags=re.MULTILINE)
        for name in line.split("|")
    }

    assert layered == domains()
    assert domains() <= drawn
    stored = {path.parent.name for path in CODE.glob("*/migrations")} | {"demo", "pages"}
    assert {name.removeprefix("croqualim.") for name in inside["containers"]} == stored


def test_no_file_grows_past_what_one_reads():
    long = {
        short(path): lines
        for path in files("*.py", "*.html", "*.typ")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }

    assert long == {}


# ------------------------------------------------------------------------------------ screens


@pytest.mark.parametrize(
    "name", [str(path).partition("/templates/")[2] for path in files("templates/**/*.html")]
)
def test_every_template_compiles(name):
    assert get_template(name)


def test_the_engine_knows_our_tags_without_loading_them():
    assert engines["django"].from_string("{% drawing 'basket' size=48 %}")


def test_pages_carry_no_style_and_no_script_of_their_own():
    """The browser would refuse them: see CONTENT_SECURITY_POLICY."""
    inline = re.compile(
        r"""\sstyle\s*=|<style|<script(?![^>]*\bsrc=)|javascript:|<[^>]*\son[a-z]+\s*=""",
        re.IGNORECASE,
    )

    found = [
        f"{short(path)}: {match[0]!r}"
        for path in files("*.html", "*.svg", "ui/*.py", "templatetags/*.py")
        for match in [inline.search(path.read_text(encoding="utf-8"))]
        if match
    ]

    assert found == []


def test_the_words_that_this_house_never_uses():
    """People are adhérent·e, habitant·e, paysan·ne: see the design's voice."""
    never = re.compile(
        r"\bb[ée]n[ée]ficiaire|\busag(er|ère)s?\b|\bd[ée]muni|\bpublics? pr[ée]caire|\bassistés",
        re.IGNORECASE,
    )
    screens = [*files("*.py", "*.html", "*.typ", "data/*.csv"), *ROOT.glob("locale/**/*.po")]

    said = [
        f"{short(path)}:{number} {line.strip()}"
        for path in screens
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if never.search(line)
    ]

    assert said == []


def test_nothing_is_left_for_later():
    promised = re.compile("TO" + "DO|FIX" + r"ME|mark\.(?:sk" + r"ip|xf" + "ail)")
    paths = [*files("*.py", "*.html", "*.css"), *(ROOT / "tests").rglob("*.py")]

    later = [short(p) for p in paths if promised.search(p.read_text(encoding="utf-8"))]

    assert later == []
