using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookKit.Interactive;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Kernel;

/// <summary>
/// Runs C# cells one after the other, each seeing what the earlier ones declared, and behaves as the C# kernel of .NET Interactive does:
/// the same imports, <c>#!import</c> and <c>#r</c>, the same formatters, a trailing expression as the result.
/// </summary>
internal sealed partial class ScriptKernel
{
    private const int ImportDepth = 8;

    private readonly Action<KernelEvent> send;
    private readonly string folder;
    private readonly CellConsole console;
    private ScriptOptions options;
    private ScriptState<object>? state;
    private int displays;

    /// <param name="folder">The notebook's folder, from which relative paths are read.</param>
    /// <param name="send">Takes what the cells produce, from any thread.</param>
    public ScriptKernel(string folder, Action<KernelEvent> send)
    {
        this.folder = folder;
        this.send = send;
        console = new CellConsole(send);
        options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8)
            .WithMetadataResolver(new OwnAssemblies(folder))
            .WithSourceResolver(ScriptSourceResolver.Default.WithBaseDirectory(folder))
            .AddReferences(
                typeof(Enumerable).Assembly, typeof(IEnumerable).Assembly, typeof(Task).Assembly,
                typeof(IHtmlContent).Assembly, typeof(PocketView).Assembly, typeof(CellDisplay).Assembly)
            .AddImports(
                "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
                "Microsoft.DotNet.Interactive.Formatting", typeof(PocketViewTags).FullName!, typeof(CellDisplay).FullName!);
    }

    /// <summary>Makes this the kernel of the process: console and progress go to the running cell from here on.</summary>
    public void TakeOver()
    {
        CellDisplay.Kernel = this;
        Console.SetOut(console.Output);
        Console.SetError(console.Error);
        Console.SetIn(TextReader.Null);
        AppContext.SetData(NotebookProgress.LiveSinkKey, new LiveProgress(send));
    }

    /// <summary>Loads, compiles and runs once what the first cell would otherwise wait for.</summary>
    public async Task WarmUpAsync() => await CSharpScript.RunAsync<object>("Console.Out.Flush();", options);

    /// <returns>Whether the cell ran to its end; if not, an error has been sent.</returns>
    public async Task<bool> RunAsync(CellRequest cell)
    {
        try
        {
            return await RunTextAsync(cell.Code, cell.Name, cell.Name, folder, 0, isImport: false);
        }
        catch (CellRefusedException e)
        {
            return Fail(new CellFailed("Error", e.Message, [$"{cell.Name}, line {e.Line}: {e.Message}"], e.Line), e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Not the cell's exception, which the script engine hands over: a fault on this side, told like one of the cell's.
            return Throw(e);
        }
        finally
        {
            console.Flush();
        }
    }

    public DisplayedValue Display(object? value, string[] mimeTypes)
    {
        var id = NextDisplay();
        Send(new ValueDisplayed(id, Format(value, mimeTypes)));
        return new DisplayedValue(this, id);
    }

    public DisplayedValue DisplayText(string value, string mimeType)
    {
        var id = NextDisplay();
        Send(new ValueDisplayed(id, new JsonObject { [mimeType] = NotebookFormat.IsJson(mimeType) ? JsonNode.Parse(value) : value }));
        return new DisplayedValue(this, id);
    }

    public void Update(string id, object? value) => Send(new ValueUpdated(id, Format(value, [])));

    private string NextDisplay() => Interlocked.Increment(ref displays).ToString(CultureInfo.InvariantCulture);

    private async Task<bool> RunTextAsync(string text, string file, string cellName, string baseFolder, int depth, bool isImport)
    {
        foreach (var part in CellPart.Split(text))
        {
            var ran = part switch
            {
                ImportedFile import => await ImportAsync(import, file, cellName, baseFolder, depth),
                CellCode code => await RunCodeAsync(code.Code, file, showResult: !isImport),
                _ => throw new InvalidOperationException(),
            };
            if (!ran)
                return false;
        }
        return true;
    }

    private async Task<bool> ImportAsync(ImportedFile import, string file, string cellName, string baseFolder, int depth)
    {
        var path = Path.GetFullPath(import.Path, baseFolder);
        var extension = Path.GetExtension(path);
        var problem = !File.Exists(path)
            ? $"'#!import {import.Path}' finds no file {path}. kit.csx is written by the build: run 'dotnet build'."
            : extension is not (".csx" or ".cs")
            ? $"'#!import {import.Path}' is not C#: only .csx and .cs files can be imported."
            : depth >= ImportDepth
            ? $"'#!import {import.Path}' is nested deeper than {ImportDepth} files; does a file import itself?"
            : null;
        if (problem is not null)
            return Fail(new CellFailed("Error", problem, [$"{file}, line {import.Line}: {problem}"], import.Line), problem);
        try
        {
            return await RunTextAsync(await File.ReadAllTextAsync(path), Path.GetFileName(path), cellName, Path.GetDirectoryName(path)!, depth + 1, isImport: true);
        }
        catch (CellRefusedException e)
        {
            return Fail(new CellFailed("Error", e.Message, [$"{Path.GetFileName(path)}, line {e.Line}: {e.Message}"], import.Line), e.Message);
        }
    }

    private async Task<bool> RunCodeAsync(string code, string file, bool showResult)
    {
        options = options.WithFilePath(file);
        var script = state is null ? CSharpScript.Create<object>(code, options) : state.Script.ContinueWith<object>(code, options);
        var errors = script.Compile().Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        if (errors.Length > 0)
            return FailToCompile(errors, file);

        state = state is null
            ? await script.RunAsync(null, catchException: _ => true)
            : await script.RunFromAsync(state, catchException: _ => true);
        if (state.Exception is { } thrown)
            return Throw(thrown);
        if (!showResult || !HasResult(script))
            return true;
        try
        {
            Send(new ResultReturned(Format(state.ReturnValue, [])));
            return true;
        }
        catch (Exception e)
        {
            return Throw(e);
        }
    }

    /// <summary>The cell ends in an expression without ';' that has a value, or returns one.</summary>
    private static bool HasResult(Script script)
    {
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Last();
        if (tree.GetRoot() is not CompilationUnitSyntax unit)
            return false;
        if (unit.Members is [.., GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } last }])
        {
            var type = compilation.GetSemanticModel(tree).GetTypeInfo(last.Expression);
            return (type.Type ?? type.ConvertedType)?.SpecialType != SpecialType.System_Void;
        }
        return unit.DescendantNodes(node => node is CompilationUnitSyntax or GlobalStatementSyntax or StatementSyntax).Any(node => node is ReturnStatementSyntax);
    }

    private static JsonObject Format(object? value, string[] mimeTypes)
    {
        var data = new JsonObject();
        IEnumerable<string> wanted = mimeTypes.Length > 0 ? mimeTypes
            : value is null ? [HtmlFormatter.MimeType]
            : Formatter.GetPreferredMimeTypesFor(value.GetType());
        foreach (var mime in wanted)
        {
            var text = value.ToDisplayString(mime);
            data[mime] = NotebookFormat.IsJson(mime) ? JsonNode.Parse(text) : text;
        }
        return data;
    }

    private bool FailToCompile(IReadOnlyList<Diagnostic> errors, string file)
    {
        var lines = errors.Select(e =>
        {
            var at = e.Location.GetLineSpan().StartLinePosition;
            return string.Create(CultureInfo.InvariantCulture, $"{file} ({at.Line + 1},{at.Character + 1}): error {e.Id}: {e.GetMessage(CultureInfo.InvariantCulture)}");
        }).ToArray();
        console.Error.Write(string.Join('\n', lines) + "\n");
        return Fail(new CellFailed("CompilationError", lines[0], lines, errors[0].Location.GetLineSpan().StartLinePosition.Line + 1), null);
    }

    private bool Throw(Exception thrown)
    {
        if (thrown is TargetInvocationException { InnerException: { } inner })
            thrown = inner;
        var trace = thrown.ToString().ReplaceLineEndings("\n").Split('\n')
            // The frames of the script engine and of this kernel say nothing about the notebook.
            .Where(line => !EngineFrame().IsMatch(line))
            .Select(line => SourcePath().Replace(line, " in ${file}"))
            .ToArray();
        var at = trace.Select(line => CellLine().Match(line)).FirstOrDefault(match => match.Success);
        var lineNumber = at is null ? 0 : int.Parse(at.Groups["line"].ValueSpan, CultureInfo.InvariantCulture);
        return Fail(new CellFailed(thrown.GetType().FullName ?? thrown.GetType().Name, thrown.Message, trace, lineNumber), null);
    }

    private bool Fail(CellFailed failure, string? message)
    {
        if (message is not null)
            console.Error.Write(message + "\n");
        Send(failure);
        return false;
    }

    private void Send(KernelEvent message)
    {
        console.Flush();
        send(message);
    }

    [GeneratedRegex(@"^\s+at (NotebookKit\.Runner\.Kernel\.|Microsoft\.CodeAnalysis\.Scripting\.)|^--- End of stack trace from previous location ---$")]
    private static partial Regex EngineFrame();

    /// <summary>The folder of a source file is the builder's; only the file's name and line are the reader's business.</summary>
    [GeneratedRegex(@" in (?:.*[/\\])?(?<file>[^/\\]+:line \d+)$")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@" in cell \d+:line (?<line>\d+)$")]
    private static partial Regex CellLine();

    private sealed class LiveProgress(Action<KernelEvent> send) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => send(new ProgressMade(value.Stage, value.Done, value.Total, value.Note));
    }
}
