#!/usr/bin/env bash
# Microsoft.DotNet.Interactive.Documents 1.0.0-beta.26120.1 reads a notebook that holds an output of a JSON media type, which is what every
# Plotly figure is, and cannot write it again. One would guess that what is read can be written.
# Seen: ToJupyterJson throws for the output "application/vnd.plotly.v1+json", and writes the same cell with "text/html".
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Microsoft.DotNet.Interactive.Documents@1.0.0-beta.26120.1
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=true
#:property NoWarn=NU1603
using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Documents.Jupyter;

var kernels = new KernelInfoCollection { new KernelInfo("csharp", "C#", ["c#"]) };
kernels.DefaultKernelName = "csharp";
foreach (string output in new[] { "\"text/html\":[\"<p>figure</p>\"]", "\"application/vnd.plotly.v1+json\":{\"data\":[],\"layout\":{}}" })
{
    var notebook = Notebook.Parse("""
        {"cells":[{"cell_type":"code","id":"c1","metadata":{},"execution_count":1,"source":["1"],
          "outputs":[{"output_type":"display_data","metadata":{},"data":{OUTPUT}}]}],
         "metadata":{"kernelspec":{"display_name":".NET (C#)","language":"C#","name":".net-csharp"}},"nbformat":4,"nbformat_minor":5}
        """.Replace("OUTPUT", output), kernels);
    try
    {
        Console.WriteLine($"written, {(notebook.ToJupyterJson("csharp").Contains("figure") ? "with" : "without")} its output");
    }
    catch (Exception e)
    {
        Console.WriteLine($"{e.GetType().Name}: {e.Message}");
    }
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$(echo "$out" | sed -n 1p)" = "written, with its output" ] && [ "$(echo "$out" | sed -n '2s/:.*//p')" = ArgumentException ] || { echo "changed" >&2; exit 1; }
