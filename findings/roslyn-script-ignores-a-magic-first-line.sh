#!/usr/bin/env bash
# Microsoft.CodeAnalysis.CSharp.Scripting 5.12.0: a first line that begins with "#!" is left out without a word, whatever it says, as if it
# named an interpreter. A cell of .NET Interactive begins with such lines ("#!import", "#!share"), so a runner made from Roslyn alone runs
# notebooks without their imports and reports success. One would guess the error that the same line gets one line further down.
# Seen: "#!import kit.csx" on line 1 gives the value 2; on line 2 it is CS9378.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Microsoft.CodeAnalysis.CSharp.Scripting@5.12.0
#:property PublishAot=false
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

foreach (string cell in new[] { "#!import kit.csx\n1 + 1", "\n#!import kit.csx\n1 + 1" })
{
    try
    {
        Console.WriteLine(await CSharpScript.EvaluateAsync(cell));
    }
    catch (CompilationErrorException e)
    {
        Console.WriteLine(e.Message);
    }
}
CS
out=$(dotnet run app.cs)
echo "$out"
case "$out" in 2$'\n'*CS9378*) ;; *) echo "changed" >&2; exit 1 ;; esac
