"""Saves a report as JSON, Markdown or one HTML file."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lstm_conformance.checks import LevelResult
from lstm_conformance.diagnosis import Finding
from lstm_conformance.levels import LEVELS
from lstm_conformance.tolerance import Verdict
from lstm_forecasting.crosscheck.html import report_as_html
from lstm_forecasting.crosscheck.markdown import report_as_markdown
from lstm_forecasting.crosscheck.results import CrossCheckResult, LevelSummary
from lstm_forecasting.crosscheck.wording import sentences
from lstm_forecasting.saving.destination import check_destination
from lstm_plugins.files import write_file

SUFFIXES = (".html", ".md", ".json")
SCHEMA = 1
"""Increased when the members of the JSON change."""


def check_report_path(path: Path) -> None:
    """Checks, before work begins, that a report can be saved there.

    Raises:
        InputError: the suffix is none of `SUFFIXES`, or the folder is missing or cannot be written to.
    """
    check_destination(path, SUFFIXES, "A report")


def save_report(result: CrossCheckResult, path: Path, titles: Mapping[str, str]) -> None:
    """Saves a report atomically, in the format of the suffix.

    Raises:
        InputError: the file cannot be written.
    """
    check_report_path(path)
    suffix = path.suffix.lower()
    if suffix == ".json":
        content = report_as_json(result, titles)
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    elif suffix == ".md":
        text = report_as_markdown(result, titles)
    else:
        text = report_as_html(result, titles)
    write_file(path, text.encode())


def report_as_json(result: CrossCheckResult, titles: Mapping[str, str]) -> dict[str, Any]:
    """The result as JSON-ready values; undefined numbers are null.

    Its members:
        schema: 1.
        passed: whether every level of every backend was judged and none failed.
        date (ISO 8601 with its zone), seconds, depth, precisions, threads, series (one's own, or null).
        versions: by name.
        sentences: the diagnosis in words.
        shared: fixed values of splits and scaler: name, given, wanted, passed.
        levels: name and title, in the order of computation.
        probes: name, precision, levels, settings (with the seed), windows, rows, features, additions (of the
            specification, which a backend needs to be asked).
        backends: name, title, version, framework, device, threads (null where it could not start), failure,
            first_failure (by precision the name of the first level that failed, or null), lacking (additions
            of the specification that it lacks; it is not asked the probes that need them).
        diagnoses: backend, precision, sentence and findings, each with level, title, probe, explanations
            (names of known deviations; several in one act together), sentences, error, production_only,
            at_most, trace_alone, place (tensor, index, where, step, given, wanted, allowed, error, problem).
        matrix: backend, precision, level, state, worst.
        cells: backend, precision, probe, level, state, problem, tensors (how many), worst; and verdicts of
            all tensors where it did not pass.
    A state is passed, failed, follows, shown, unsupported, unasked, or in the matrix null for a level that
    is not asked. `worst` and each of the verdicts have tensor, passed, error, allowed, error_eps,
    allowed_eps, where, relative_error, problem; or are null.
    """
    check = result.check
    return {
        "schema": SCHEMA,
        "passed": result.passed,
        "date": result.began.isoformat(timespec="seconds"),
        "seconds": result.seconds,
        "depth": check.depth,
        "precisions": list(check.precisions),
        "threads": check.threads,
        "series": check.series or None,
        "versions": dict(result.versions),
        "sentences": list(sentences(result, titles)),
        "shared": [{**asdict(one), "passed": one.passed} for one in result.shared],
        "levels": [{"name": level.name, "title": level.title} for level in LEVELS],
        "probes": [
            {
                "name": request.probe.name,
                "precision": request.precision,
                "levels": [level.name for level in request.levels],
                "settings": request.probe.config.to_dict(),
                "windows": len(request.probe.starts),
                "rows": len(request.probe.series.values),
                "features": request.probe.features,
                "additions": list(request.probe.additions),
            }
            for request in check.requests
        ],
        "backends": [_backend(result, backend, titles) for backend in check.backends],
        "diagnoses": [
            {
                "backend": backend,
                "precision": precision,
                "sentence": diagnosis.sentence,
                "findings": [_finding(finding) for finding in diagnosis.findings],
            }
            for (backend, precision), diagnosis in result.diagnoses.items()
        ],
        "matrix": [
            _entry(backend, precision, level.name, result.summary(backend, precision, level))
            for backend, precision in result.check.columns
            for level in LEVELS
        ],
        "cells": [_level_result(one) for one in result.level_results],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    content: dict[str, Any] = asdict(finding)
    content["place"]["error"] = finding.place.error
    return {name: _finite(value) for name, value in content.items()}


def _backend(result: CrossCheckResult, backend: str, titles: Mapping[str, str]) -> dict[str, Any]:
    description = result.descriptions.get(backend)
    first = {precision: result.first_failure(backend, precision) for precision in result.check.precisions}
    nothing = dict.fromkeys(("version", "framework", "device", "threads"))
    return {
        "name": backend,
        "title": titles.get(backend, backend),
        **(nothing if description is None else asdict(description)),
        "failure": result.failures.get(backend),
        "first_failure": {precision: level and level.name for precision, level in first.items()},
        "lacking": list(result.check.lacking(backend)),
    }


def _entry(backend: str, precision: str, level: str, summary: LevelSummary) -> dict[str, Any]:
    return {
        "backend": backend,
        "precision": precision,
        "level": level,
        "state": summary.state,
        "worst": _verdict(summary.worst),
    }


def _level_result(one: LevelResult) -> dict[str, Any]:
    content = {
        "backend": one.backend,
        "precision": one.precision,
        "probe": one.probe.name,
        "level": one.level.name,
        "state": one.state,
        "problem": one.problem,
        "tensors": len(one.verdicts),
        "worst": _verdict(one.worst),
    }
    if one.state != "passed":
        content["verdicts"] = [_verdict(verdict) for verdict in one.verdicts]
    return content


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    derived = {"error_eps": verdict.error_eps, "allowed_eps": verdict.allowed_eps}
    content: dict[str, Any] = _finite({**asdict(verdict), **derived})
    del content["unit"]
    return content


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value
