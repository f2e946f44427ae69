using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using NotebookKit.Training;

namespace NotebookKit.Tests;

/// <summary>What a reader copies first: the program at the head of each paper's README.</summary>
public sealed partial class ReadmeTests
{
    [Theory]
    [InlineData("Pmi", "[MASK]")]
    [InlineData("Prompting", "positive or negative?")]
    [InlineData("Mend", "success 1")]
    public async Task The_first_program_of_a_papers_README_runs(string paper, string said)
    {
        TorchRuntime.Load();
        string readme = await File.ReadAllTextAsync(Path.Combine(CheckoutFolder.Root, "lib", "NotebookKit", paper, "README.md"), TestContext.Current.CancellationToken);
        string program = Program.Match(readme).Groups[1].Value.Replace("Console.WriteLine(", "var said = (", StringComparison.Ordinal) + "\nreturn said;";
        // A script keeps its variables for the next one and so has no using declarations.
        program = program.Replace("using var ", "var ", StringComparison.Ordinal);
        var options = ScriptOptions.Default
            .WithReferences(typeof(NotebookKit.Pmi.NgramCounter).Assembly, typeof(NotebookKit.Templates.PromptExample).Assembly, typeof(TorchSharp.torch).Assembly, typeof(Enumerable).Assembly)
            .WithImports("System", "System.Linq", "System.Collections.Generic", "NotebookKit.Pmi", "NotebookKit.Prompting", "NotebookKit.Mend", "NotebookKit.Models", "NotebookKit.Templates", "NotebookKit.Tokenizers");
        Assert.Contains(said, await CSharpScript.EvaluateAsync<string>(program, options, cancellationToken: TestContext.Current.CancellationToken));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program { get; }
}
