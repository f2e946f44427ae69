"""Drives the genuine kernel as Jupyter does: a training, an interrupt in its middle, the same cell again."""
import queue
import time

from jupyter_client.manager import KernelManager

manager = KernelManager(kernel_name=".net-csharp")
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=240)


def run(code, interrupt_after=None, limit=240):
    """The messages of one cell; after so many redraws of its bar it is interrupted."""
    request = client.execute(code)
    messages, redraws, start = [], 0, time.time()
    while time.time() - start < limit:
        try:
            message = client.get_iopub_msg(timeout=1)
        except queue.Empty:
            continue
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        messages.append((kind, content))
        redraws += kind == "update_display_data"
        if interrupt_after is not None and redraws >= interrupt_after:
            manager.interrupt_kernel()
            interrupt_after = None
        if kind == "status" and content["execution_state"] == "idle":
            return messages
    raise SystemExit(f"the cell did not end in {limit} s: {code}")


def kinds(messages, kind):
    return [content for other, content in messages if other == kind]


def steps(stage):
    return ('while (done < 100) { progress.Report(new("' + stage + '", done, 100)); '
            'System.Threading.Thread.Sleep(50); done++; }\ndone.ToString()')


try:
    loaded = run("#!import kit.csx")
    assert not kinds(loaded, "error"), loaded
    run("var done = 0;")

    stopped = run(steps("training"), interrupt_after=3)
    bars = kinds(stopped, "display_data") + kinds(stopped, "update_display_data")
    assert len(kinds(stopped, "display_data")) == 1 and len(bars) >= 4, stopped
    assert len({bar["transient"]["display_id"] for bar in bars}) == 1, bars
    print("one bar, redrawn in place")

    assert "Stopped on request: training" in kinds(stopped, "error")[0]["evalue"], stopped
    kept = kinds(run("done.ToString()"), "execute_result")[0]["data"]["text/plain"]
    assert 0 < int(kept) < 100, kept
    print("stopped and kept", kept)

    again = run(steps("training"))
    assert not kinds(again, "error") and kinds(again, "execute_result")[0]["data"]["text/plain"] == "100", again
    print("went on to the end")

    manager.interrupt_kernel()
    time.sleep(1)
    later = run("done = 80;\n" + steps("later"))
    assert not kinds(later, "error"), later
    print("a wish of before is forgotten")
finally:
    manager.shutdown_kernel(now=False)
