"""`python -m pizzatune start`, as a learner meets it: a real server, a real browser, the first lesson."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import pizzatune

pytestmark = pytest.mark.browser

RUN_IN_THE_KERNEL = """
async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false});
    let printed = '';
    future.onIOPub = message => {
        if (message.header.msg_type === 'stream') printed += message.content.text;
    };
    await future.done;
    return printed.trim();
}
"""


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory):
    """Start pizzatune, with Jupyter's settings in a folder of its own; yield the server and its words."""
    place = tmp_path_factory.mktemp("browser")
    own = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"]
    own += ["JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR"]
    checkout = str(Path(pizzatune.__file__).resolve().parent.parent)
    env = {**os.environ, **{name: str(place / name) for name in own}, "PYTHONPATH": checkout}

    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["start", "mine", "--no-browser", f"--port={port}"]
    lab_words = ["--", "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0", "--expose-app-in-browser"]
    with (place / "said.txt").open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "pizzatune", *words, *lab_words],
            cwd=place,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield server, place / "said.txt"
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait(timeout=20)


def wait_for_address(server: subprocess.Popen, said: Path, seconds: float = 60) -> str:
    """Return the address that the server prints for the learner, once it is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        address = re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", said.read_text(encoding="utf-8"))
        if address:
            return address[0]
        time.sleep(0.1)
    pytest.fail(f"no address within {seconds} s; the server said:\n{said.read_text(encoding='utf-8')}")


def test_start_opens_the_first_lesson_with_a_kernel_of_this_environment(kitchen, browser):
    server, said = kitchen
    address = wait_for_address(server, said)
    root = address.split("/lab")[0]
    with urllib.request.urlopen(f"{root}/api", timeout=20) as answer:
        assert answer.status == 200

    page = browser.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=60_000,
    )
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path") == "00-start-here.ipynb"
    code = "import sys, pizzatune; print(sys.executable, pizzatune.__file__, sep='\\n')"
    assert page.evaluate(RUN_IN_THE_KERNEL, code).split("\n") == [sys.executable, pizzatune.__file__]
    # Nothing covers the lesson: no news, no question, no error.
    assert page.locator(".Toastify__toast, .jp-Dialog").all_inner_texts() == []
    page.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl-C to one process alone")
def test_one_ctrl_c_ends_it_cleanly(kitchen):
    server, said = kitchen
    wait_for_address(server, said)
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=30) == 0
    assert "Traceback" not in said.read_text(encoding="utf-8")
