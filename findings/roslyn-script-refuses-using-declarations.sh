#!/usr/bin/env bash
# Microsoft.CodeAnalysis.CSharp.Scripting 5.12.0: "using var x = ...;" is a statement of every C# file since C# 8, top-level ones too, and
# no statement of a script or a notebook cell: the compiler takes "using" for an import and misses a semicolon. The form with a block, and
# the declaration inside a block, are read. One would guess that a program's statements can be pasted into a cell.
# Seen: CS1002 for the declaration, "ok" for the two other forms.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Microsoft.CodeAnalysis.CSharp.Scripting@5.12.0
#:property PublishAot=false
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

foreach (string cell in new[]
{
    "using var s = new System.IO.MemoryStream();",
    "using (var s = new System.IO.MemoryStream()) { }",
    "{ using var s = new System.IO.MemoryStream(); }",
})
{
    try
    {
        await CSharpScript.EvaluateAsync(cell);
        Console.WriteLine("ok");
    }
    catch (CompilationErrorException e)
    {
        Console.WriteLine(e.Message);
    }
}
CS
out=$(dotnet run app.cs)
echo "$out"
case "$out" in *CS1002*$'\n'ok$'\n'ok) ;; *) echo "changed" >&2; exit 1 ;; esac
