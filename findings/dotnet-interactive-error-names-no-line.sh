#!/usr/bin/env bash
# Microsoft.DotNet.Interactive.CSharp 1.0.0-beta.26120.1: the error of a cell that compiles and fails while it runs names no line of the
# cell, neither in the event's message nor in the exception's stack trace, because cells are compiled without debug information. One would
# guess "line 3", as Python's notebooks show it.
# Seen: a division by zero on the third line of a cell is reported at "Submission#0.<<Initialize>>d__0.MoveNext()", without a line.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Microsoft.DotNet.Interactive.CSharp@1.0.0-beta.26120.1
#:property PublishAot=false
#:property JsonSerializerIsReflectionEnabledByDefault=true
#:property NoWarn=NU1603
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

using var kernel = new CSharpKernel();
var result = await kernel.SendAsync(new SubmitCode("int zero = 0;\nint one = 1;\nint bad = one / zero;"));
var failed = result.Events.OfType<CommandFailed>().Single();
Console.WriteLine(failed.Message.Split('\n')[0]);
Console.WriteLine(failed.Message.Split('\n')[1].Trim());
Console.WriteLine($"names a line: {failed.Message.Contains(":line ")} {failed.Exception.ToString().Contains(":line ")}");
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$(echo "$out" | sed -n 1p)" = "System.DivideByZeroException: Attempted to divide by zero." ] && [ "$(echo "$out" | tail -1)" = "names a line: False False" ] || { echo "changed" >&2; exit 1; }
