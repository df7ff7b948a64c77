"""Runs what AgentDojo says is the right way to do each of its tasks, and prints the calls with their results, one task a line.

Needs agentdojo 0.1.35 without its clients of models: its own code, pydantic, PyYAML, docstring_parser, deepdiff, rich,
email-validator.
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

# The package of agents imports the clients of all models; the tasks need none of them.
_root = Path(importlib.util.find_spec("agentdojo").submodule_search_locations[0])
_pipeline = types.ModuleType("agentdojo.agent_pipeline")
_pipeline.__path__ = [str(_root / "agent_pipeline")]
_client = types.ModuleType("agentdojo.agent_pipeline.llms.google_llm")
_client.EMPTY_FUNCTION_NAME = "<empty-function>"
sys.modules.update({_pipeline.__name__: _pipeline, _client.__name__: _client})

from agentdojo.agent_pipeline.tool_execution import tool_result_to_str  # noqa: E402
from agentdojo.functions_runtime import FunctionsRuntime  # noqa: E402
from agentdojo.task_suite.load_suites import get_suites  # noqa: E402

VERSION = "v1.2.2"


def trace(suite, task, environment):
    """The calls of the task's own solution, each with what it gave."""
    runtime = FunctionsRuntime(suite.tools)
    calls = []
    for call in task.ground_truth(environment):
        result, error = runtime.run_function(environment, call.function, call.args)
        if error is not None:
            continue
        calls.append({"tool": call.function, "args": dict(call.args), "result": tool_result_to_str(result)})
    return calls


def main():
    for name, suite in get_suites(VERSION).items():
        for identity, task in suite.user_tasks.items():
            environment = task.init_environment(suite.load_and_inject_default_environment({}))
            line = {"suite": name, "task": identity, "says": task.PROMPT, "calls": trace(suite, task, environment)}
            print(json.dumps(line, default=str))
        for identity, task in suite.injection_tasks.items():
            environment = suite.load_and_inject_default_environment({})
            try:
                calls = trace(suite, task, environment)
            except Exception as error:  # its solution may need what the environment has not
                print(f"{name} {identity}: {error!r}", file=sys.stderr)
                continue
            print(json.dumps({"suite": name, "task": identity, "says": task.GOAL, "calls": calls}, default=str))


main()
