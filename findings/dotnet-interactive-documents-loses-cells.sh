#!/usr/bin/env bash
# Microsoft.DotNet.Interactive.Documents 1.0.0-beta.26120.1 reads and writes .ipynb, but not without loss: a raw cell comes back as a
# code cell, and the attachments of a Markdown cell (its pasted pictures) are gone.
# Seen: cell types "raw,markdown" become "code,markdown", and "attachments" stands in the file before and not after.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > in.ipynb <<'NB'
{"cells":[
 {"cell_type":"raw","id":"r1","metadata":{},"source":["---\n","title: a page\n"]},
 {"cell_type":"markdown","id":"m1","metadata":{},"source":["![p](attachment:p.png)"],"attachments":{"p.png":{"image/png":"iVBORw0KGgo="}}}],
 "metadata":{"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"}},"nbformat":4,"nbformat_minor":5}
NB
cat > app.cs <<'CS'
#:package Microsoft.DotNet.Interactive.Documents@1.0.0-beta.26120.1
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=true
#:property NoWarn=NU1603
using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Documents.Jupyter;
using System.Text.Json.Nodes;

var kernels = new KernelInfoCollection { new KernelInfo("csharp", "C#", ["c#"]) };
kernels.DefaultKernelName = "csharp";
string before = File.ReadAllText("in.ipynb");
string after = Notebook.Parse(before, kernels).ToJupyterJson("csharp");
foreach (string text in new[] { before, after })
    Console.WriteLine(string.Join(',', JsonNode.Parse(text)!["cells"]!.AsArray().Select(cell => (string)cell!["cell_type"]!)) + (text.Contains("attachments") ? " attachments" : ""));
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'raw,markdown attachments\ncode,markdown' ] || { echo "changed" >&2; exit 1; }
