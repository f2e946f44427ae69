#!/usr/bin/env bash
# Microsoft.DotNet.Interactive.CSharp 1.0.0-beta.26120.1: an exception thrown inside a file that a cell brings in with "#!import" is told
# to nobody. The cell succeeds, and what the file would have defined after that line is missing. One would guess a failed cell, as for the
# same code written in the cell.
# Seen: "CommandSucceeded" and no error event for the import; "CommandFailed" for the same line in a cell.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > part.csx <<'CSX'
throw new System.InvalidOperationException("told to nobody");
CSX
cat > app.cs <<'CS'
#:package Microsoft.DotNet.Interactive.CSharp@1.0.0-beta.26120.1
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=true
#:property NoWarn=NU1603
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

using var root = new CompositeKernel { new CSharpKernel().UseKernelHelpers().UseValueSharing() };
root.DefaultKernelName = "csharp";
root.UseImportMagicCommand();
foreach (string cell in new[] { "#!import part.csx", File.ReadAllText("part.csx") })
{
    var result = await root.SendAsync(new SubmitCode(cell));
    Console.WriteLine($"{result.Events.Last().GetType().Name}, {result.Events.Count(e => e is ErrorProduced or CommandFailed)} errors");
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'CommandSucceeded, 0 errors\nCommandFailed, 1 errors' ] || { echo "changed" >&2; exit 1; }
