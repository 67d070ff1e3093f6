#!/usr/bin/env python3
"""Mutation testing of a crate in one build: what ci/mutants.sh does in hours, in one.

cargo-mutants lists the mutants; here each function is written with all its mutants side by side, chosen by the environment
variable IEDASSAY_MUTANT, so that the tests are built once and then only run, one mutant after the other, all tests of the crate
(the replay of the fuzzing corpora among them) until one fails. What this cannot do (constant functions that constants need,
functions that return `impl Trait`, functions inside others) is listed at the end, and its names are in WORK/PACKAGE.left for
`ci/mutants.sh --only`.

Works on a copy of what git knows, in --work; run it again with the same --work to go on where it was stopped.

Usage: ci/mutants.py iedassay-wire 'harness/wire/src/*' [--skip-test NAME ...] [--jobs N] [--only REGEX]
"""
import argparse
import collections
import fnmatch
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import threading
import time

CHOSEN = """
#[doc(hidden)]
pub mod mutant_chosen {
    use std::sync::atomic::{AtomicU32, Ordering};
    static CHOSEN: AtomicU32 = AtomicU32::new(u32::MAX);
    #[must_use]
    pub fn number() -> u32 {
        let known = CHOSEN.load(Ordering::Relaxed);
        if known != u32::MAX { return known; }
        let number = std::env::var("IEDASSAY_MUTANT").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
        CHOSEN.store(number, Ordering::Relaxed);
        number
    }
}
"""


def say(*words):
    print(time.strftime("%H:%M:%S"), *words, file=sys.stderr, flush=True)


class Source:
    """A file and where its lines begin."""

    def __init__(self, text):
        self.text = text
        self.starts = [0]
        for line in text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def span(self, span):
        ends = [self.starts[span[end]["line"] - 1] + span[end]["column"] - 1 for end in ("start", "end")]
        return ends[0], ends[1]


def body_start(text, at, end):
    """Where the `{` of the body of the function in text[at:end] is."""
    depth = 0
    token = re.compile(r'//[^\n]*|/\*.*?\*/|r(#*)".*?"\1|b?"(?:\\.|[^"\\])*"|b?\'(?:\\.[^\']*|[^\'\\])\'|.', re.S)
    while at < end:
        match = token.match(text, at)
        piece = match.group()
        if piece in "([":
            depth += 1
        elif piece in ")]":
            depth -= 1
        elif piece == "{" and depth == 0:
            return at
        elif piece == ";" and depth == 0:
            return None
        at = match.end()
    return None


class Function:
    def __init__(self, file, start, body, end, mutants):
        self.file, self.start, self.body, self.end, self.mutants = file, start, body, end, mutants


def plan(root, mutants):
    """Functions with their mutants, and the mutants that need a build of their own, with the reason."""
    left, functions = [], []
    by_file = collections.defaultdict(list)
    for mutant in mutants:
        by_file[mutant["file"]].append(mutant)
    for file, those in by_file.items():
        source = Source(open(os.path.join(root, file)).read())
        spans = collections.defaultdict(list)
        for mutant in those:
            if mutant.get("function"):
                spans[source.span(mutant["function"]["span"])].append(mutant)
            else:
                left.append((mutant, "outside of functions"))
        for (start, end), own in spans.items():
            body = body_start(source.text, start, end)
            head = source.text[start:body] if body else ""
            why = None
            if body is None:
                why = "no body"
            elif re.search(r"->\s*[^{]*\bimpl\b", head):
                why = "returns impl Trait"
            elif any(other != (start, end) and other[0] <= start and end <= other[1] for other in spans):
                why = "inside another function"
            elif any(other != (start, end) and start <= other[0] and other[1] <= end for other in spans):
                why = "around another function"
            if why:
                left.extend((mutant, why) for mutant in own)
            else:
                functions.append(Function(file, start, body, end, own))
    return functions, left


def write(root, out, functions, dropped, constant, library):
    """Writes every file with its functions in all their forms; returns file -> [(first line, last line, mutant, function)]."""
    places = collections.defaultdict(list)
    by_file = collections.defaultdict(list)
    for function in functions:
        by_file[function.file].append(function)
    for file, those in by_file.items():
        source = Source(open(os.path.join(root, file)).read())
        text, pieces, at = source.text, [], 0
        line = 1

        def put(piece):
            nonlocal line
            pieces.append(piece)
            line += piece.count("\n")

        for function in sorted(those, key=lambda f: f.start):
            own = [m for m in function.mutants if m["number"] not in dropped]
            head = text[function.start:function.body]
            is_const = re.search(r"\bconst\s+(?:unsafe\s+)?fn\b", head)
            if not own or (is_const and id(function) in constant):
                continue
            put(text[at:function.start])
            begin = line
            put(re.sub(r"\bconst(\s+fn\b)", r"\1", head, count=1) if is_const else head)
            body = text[function.body:function.end]
            put("{ match crate::mutant_chosen::number() {\n")
            for mutant in own:
                start, end = source.span(mutant["span"])
                start, end = start - function.body, end - function.body
                first = line
                put(f"{mutant['number']} => {body[:start]}{mutant['replacement']} {body[end:]}\n")
                places[file].append((first, line - 1, mutant, function))
            put(f"_ => {body}\n}} }}")
            places[file].append((begin, line, None, function))
            at = function.end
        put(text[at:])
        content = "".join(pieces)
        if file == library:
            content += CHOSEN
        replace(os.path.join(out, file), content)
    if library not in by_file:
        replace(os.path.join(out, library), open(os.path.join(root, library)).read() + CHOSEN)
    return places


def replace(path, content):
    """Leaves alone what is so already, so that cargo builds no more than it must."""
    if not os.path.exists(path) or open(path).read() != content:
        open(path, "w").write(content)


def cargo(out, arguments, environment):
    done = subprocess.run(["cargo", *arguments, "--message-format=json"], cwd=out, env=environment, capture_output=True, text=True)
    messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return done.returncode, messages, done.stderr


def until_it_builds(root, out, package, functions, library, environment):
    """Leaves out what the compiler refuses, until it refuses nothing; numbers of those that do not build, and what constants need."""
    dropped, constant, foreign = set(), set(), []
    while True:
        places = write(root, out, functions, dropped, constant, library)
        code, messages, stderr = cargo(out, ["check", "--locked", "--package", package, "--all-features"], environment)
        if code == 0:
            return dropped, constant, foreign
        found = 0
        for message in messages:
            error = message.get("message") or {}
            if message.get("reason") != "compiler-message" or error.get("level") != "error":
                continue
            spans = [s for s in error["spans"] if s["is_primary"]] or error["spans"]
            named = re.search(r"cannot call non-const .*`(.*)` in", error["message"])
            for span in spans:
                while span.get("expansion") and span["file_name"] not in places:
                    span = span["expansion"]["span"]
                arms = [p for p in places.get(span["file_name"], []) if p[0] <= span["line_start"] <= p[1]]
                inner = [p for p in arms if p[2]]
                if named:
                    wanted = re.sub(r"(::)?<.*?>", "", named.group(1)).split("::")[-1]
                    for function in functions:
                        name = function.mutants[0]["function"]["function_name"].split("::")[-1]
                        if name == wanted and id(function) not in constant:
                            constant.add(id(function))
                            found += 1
                elif inner:
                    if inner[0][2]["number"] not in dropped:
                        dropped.add(inner[0][2]["number"])
                        found += 1
                elif arms:
                    for mutant in arms[0][3].mutants:
                        if mutant["number"] not in dropped:
                            dropped.add(mutant["number"])
                            foreign.append((mutant, "does not build beside its original"))
                            found += 1
        say(f"left out {found} more; {len(dropped)} that do not build, {len(constant)} constant functions")
        if not found:
            errors = [m["message"] for m in messages if m.get("reason") == "compiler-message" and m["message"]["level"] == "error"]
            sys.exit("\n".join(["the copy does not build:", stderr[-4000:], *(error["rendered"] for error in errors)])[:10000])


def limits(cpu):
    def set_them():
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        os.setsid()
    return set_them


def run(program, folder, environment, number, cpu, words=()):
    """Whether the tests pass, and how long they took."""
    before = time.time()
    process = subprocess.Popen([program, "-q", *words], cwd=folder, env={**environment, "IEDASSAY_MUTANT": str(number)},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=limits(cpu))
    try:
        code = process.wait(timeout=cpu * 8 + 20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        code = -9
    return code, time.time() - before


def output(arguments, folder):
    return subprocess.run(arguments, cwd=folder, check=True, capture_output=True, text=True).stdout


def listed(root, options):
    """The mutants that were asked for, numbered from 1."""
    everything = json.loads(output(["cargo", "mutants", "--list", "--json", "--package", options.package], root))
    mutants = [
        mutant for mutant in everything
        if any(fnmatch.fnmatch(mutant["file"], glob) for glob in options.glob)
        and (not options.only or re.search(options.only, mutant["name"]))
    ]
    for number, mutant in enumerate(mutants, 1):
        mutant["number"] = number
    return mutants


def copy_tree(root, out):
    """What git knows, as it is in the working tree; what is the same already keeps its time."""
    for file in output(["git", "ls-files", "-co", "--exclude-standard"], root).splitlines():
        here, there = os.path.join(root, file), os.path.join(out, file)
        if os.path.isfile(here):
            os.makedirs(os.path.dirname(there), exist_ok=True)
            if not os.path.exists(there) or open(here, "rb").read() != open(there, "rb").read():
                shutil.copy2(here, there)
                os.utime(there)


def build_environment(options):
    environment = dict(os.environ)
    environment.pop("CI", None)
    for profile in ("DEV", "TEST"):
        environment[f"CARGO_PROFILE_{profile}_DEBUG"] = "0"
        environment[f"CARGO_PROFILE_{profile}_OPT_LEVEL"] = options.opt_level
    environment.setdefault("PROPTEST_CASES", "32")
    return environment | {
        "CARGO_TARGET_DIR": os.path.join(options.work, "target"),
        "RUSTFLAGS": "--cap-lints=allow",
        "PROPTEST_MAX_SHRINK_ITERS": "0",
        "RUST_BACKTRACE": "0",
    }


def name(program):
    return os.path.basename(program).rsplit("-", 1)[0]


def test_runs(out, folder, options, environment):
    """Each test program, with the words that choose among its tests, and how long it takes; the quickest first."""
    targets = []
    for test in options.test or []:
        targets += ["--lib"] if test == "lib" else ["--test", test]
    code, messages, stderr = cargo(out, ["test", "--locked", "--no-run", "--package", options.package, *targets], environment)
    if code:
        sys.exit(stderr[-4000:])
    programs = [
        message["executable"] for message in messages
        if message.get("reason") == "compiler-artifact" and message.get("executable") and message["profile"]["test"]
    ]
    runs = [(program, ()) for program in programs if name(program) not in options.skip_test]
    unit = options.package.replace("-", "_")
    runs += [(program, tuple(options.first)) for program, _ in runs if options.first and name(program) == unit]
    usual = {}
    for program, words in runs:
        code, seconds = run(program, folder, environment, 0, 600, words)
        say(f"unchanged: {' '.join((name(program), *words))} {'ok' if code == 0 else 'FAILS'} in {seconds:.1f} s")
        if code:
            sys.exit(1)
        usual[program, words] = seconds
    return sorted(usual.items(), key=lambda item: item[1])


def ask(tried, runs, folder, options, environment):
    """Asks the tests about each mutant; who killed it, by its name, with what is known from the last time."""
    results_file = os.path.join(options.work, f"{options.package}.jsonl")
    known = {}
    if os.path.exists(results_file):
        for line in open(results_file):
            result = json.loads(line)
            if not (options.again and result["killed_by"] is None):
                known[result["name"]] = result["killed_by"]
    queue = [mutant for mutant in tried if mutant["name"] not in known]
    say(f"{len(queue)} to run, {len(tried) - len(queue)} known")
    lock, results = threading.Lock(), open(results_file, "a")

    def killer(mutant):
        for (program, words), usual in runs:
            code, _ = run(program, folder, environment, mutant["number"], int(usual * 6) + 4, words)
            if code:
                return name(program) + ("" if code > 0 else f" (signal {-code})")
        return None

    def work():
        while True:
            with lock:
                if not queue:
                    return
                mutant = queue.pop(0)
                if len(queue) % 50 == 0:
                    say(f"{len(queue)} left, {sum(1 for by in known.values() if by is None)} survive")
            killed_by = killer(mutant)
            with lock:
                known[mutant["name"]] = killed_by
                results.write(json.dumps({"name": mutant["name"], "killed_by": killed_by}) + "\n")
                results.flush()

    workers = [threading.Thread(target=work) for _ in range(options.jobs)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return known


def tell(mutants, dropped, left, known, options):
    outside = {mutant["number"] for mutant, _ in left}
    table, survivors = collections.defaultdict(collections.Counter), []
    for mutant in mutants:
        row = table[mutant["file"]]
        row["all"] += 1
        if mutant["number"] in outside:
            row["left"] += 1
        elif mutant["number"] in dropped:
            row["unbuilt"] += 1
        elif known[mutant["name"]]:
            row["killed"] += 1
        else:
            row["survive"] += 1
            survivors.append(mutant["name"])
    print("| file | mutants | killed | do not build | left | survive |\n|---|---|---|---|---|---|")
    for file, row in sorted(table.items()):
        print(f"| `{file}` | {row['all']} | {row['killed']} | {row['unbuilt']} | {row['left']} | {row['survive']} |")
    print("\nsurvive:", *survivors, sep="\n  ")
    print("\nleft for ci/mutants.sh:", *(f"{mutant['name']}: {why}" for mutant, why in left), sep="\n  ")
    with open(os.path.join(options.work, f"{options.package}.left"), "w") as names:
        names.writelines(mutant["name"] + "\n" for mutant, _ in left)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package")
    parser.add_argument("glob", nargs="+")
    parser.add_argument("--work", default="/tmp/mutants")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--opt-level", default="1", help="0 where the compiler takes too long over large functions")
    parser.add_argument("--test", action="append", help="a test target that is asked, `lib` for the unit tests; all without")
    parser.add_argument("--skip-test", action="append", default=[], help="a test program that is not asked")
    parser.add_argument("--first", action="append", default=[], help="unit tests with this in their names are asked before all others")
    parser.add_argument("--only", help="mutants whose name this expression finds")
    parser.add_argument("--again", action="store_true", help="try survivors of the last time again")
    options = parser.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    out = os.path.join(options.work, "tree")
    mutants = listed(root, options)
    say(f"{len(mutants)} mutants")
    copy_tree(root, out)
    environment = build_environment(options)
    packages = json.loads(output(["cargo", "metadata", "--no-deps", "--format-version=1"], out))["packages"]
    folder = next(os.path.dirname(package["manifest_path"]) for package in packages if package["name"] == options.package)
    library = os.path.relpath(os.path.join(folder, "src/lib.rs"), out)

    functions, left = plan(root, mutants)
    dropped, constant, foreign = until_it_builds(root, out, options.package, functions, library, environment)
    left += foreign
    for function in functions:
        if id(function) in constant:
            left.extend((mutant, "constants need it") for mutant in function.mutants if mutant["number"] not in dropped)
    outside = {mutant["number"] for mutant, _ in left}
    tried = [mutant for mutant in mutants if mutant["number"] not in dropped | outside]
    say(f"{len(tried)} to try, {len(dropped - outside)} do not build, {len(left)} left; building the tests")
    runs = test_runs(out, folder, options, environment)
    tell(mutants, dropped, left, ask(tried, runs, folder, options, environment), options)


main()
