"""Runs every notebook and solution in the genuine kernel of .NET Interactive, as Jupyter does, at the preset that the notebook declares.

They run in a copy of the layout, so that no finished training of nbk is found in the cache. One line each, then the number of failures.
"""
import os
import shutil
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
copy = os.path.join(root, "artifacts", "genuine")
shutil.rmtree(copy, ignore_errors=True)
os.makedirs(os.path.join(copy, "data"))
for name in os.listdir(os.path.join(root, "data")):
    if name != "cache":
        os.symlink(os.path.join(root, "data", name), os.path.join(copy, "data", name))

failed = 0
for folder in ["notebooks", os.path.join("notebooks", "solutions")]:
    os.makedirs(os.path.join(copy, folder), exist_ok=True)
    shutil.copy(os.path.join(root, folder, "kit.csx"), os.path.join(copy, folder))
    for name in sorted(os.listdir(os.path.join(root, folder))):
        if not name.endswith(".ipynb"):
            continue
        notebook = nbformat.read(os.path.join(root, folder, name), as_version=4)
        # The committed copy carries the parameters of the longer run that it shows.
        notebook.cells = [cell for cell in notebook.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
        client = NotebookClient(notebook, timeout=900, kernel_name=".net-csharp", resources={"metadata": {"path": os.path.join(copy, folder)}})
        start, word = time.time(), "passed"
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
            failed, word = failed + 1, "failed"
            print(problem)
        nbformat.write(notebook, os.path.join(copy, folder, name))
        print(f"{os.path.join(folder, name)} in the genuine kernel: {word} after {time.time() - start:.1f} s", flush=True)
sys.exit(failed)
