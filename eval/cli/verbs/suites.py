"""What can be run and measured: the lists of suites and measures."""

from __future__ import annotations

from eval.cli.app import DataOption, JsonOption, app
from service.cli.ending import DONE
from service.cli.options import examples
from service.cli.terminal import print_json


@app.command(epilog=examples("aether-eval suites", "aether-eval suites --json"))
def suites(data: DataOption = None, as_json: JsonOption = False) -> int:
    """Name the suites that can be run, with how many cases each has."""
    from corpus.errors import UsageError
    from eval.suites.catalog import names, suite

    told = []
    for name in names():
        try:
            one = suite(name, data)
            told.append({"name": name, "cases": len(one.cases), "about": one.about})
        except UsageError as error:
            told.append({"name": name, "cases": 0, "about": f"not here: {error.what}"})
    if as_json:
        print_json(told)
        return DONE
    for row in told:
        print(f"{row['name']:20} {row['cases']:>6} cases  {row['about']}")
    return DONE


@app.command(epilog=examples("aether-eval measures"))
def measures(as_json: JsonOption = False) -> int:
    """Say what each measure means: its formula and its source."""
    from eval.measures.catalog import FIXED, STANDARD, measure
    from eval.measures.ranking import NAMES

    known = dict.fromkeys((*STANDARD, *NAMES, *FIXED))
    told = [{"name": name, "about": measure(name).about, "better": measure(name).better} for name in known]
    if as_json:
        print_json(told)
        return DONE
    for row in told:
        print(f"{row['name']}\n    {row['about']}")
    return DONE
