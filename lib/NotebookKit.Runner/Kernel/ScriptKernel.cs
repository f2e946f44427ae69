using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookKit.Interactive;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Kernel;

/// <summary>Runs C# cells one after the other in the engine of .NET Interactive, and hands on what they produce.</summary>
internal sealed partial class ScriptKernel : IDisposable
{
    // The engine compiles without debug information, and so without the lines of a cell. It is archived: a private member will not move.
    private static readonly FieldInfo Options = typeof(CSharpKernel).GetField("_scriptOptions", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly PropertyInfo Code = typeof(SubmitCode).GetProperty(nameof(SubmitCode.Code))!;

    private readonly CompositeKernel _root = [];
    private readonly CSharpKernel _csharp = new();
    private readonly Imports _imports;
    private readonly OwnAssemblies _references;
    private readonly Action<CellEvent> _send;
    private string _cell = "";
    private string _file = "";
    private bool _failed;

    /// <param name="folder">The notebook's folder, from which relative paths are read.</param>
    /// <param name="send">Takes what the cells produce, from any thread.</param>
    public ScriptKernel(string folder, Action<CellEvent> send)
    {
        (_references, _send) = (new OwnAssemblies(folder), send);
        // As the genuine kernel has it, but for what reaches for packages, other languages and the network.
        // Without a directive of this name the engine drops the references of a cell that it cuts at a magic command.
        _csharp.AddDirective(new KernelActionDirective("#r") { Parameters = { new("") { AllowImplicitName = true, Required = true } } }, RefusePackage);
        _root.Add(_csharp.UseKernelHelpers().UseValueSharing(), ["c#", "C#"]);
        _root.DefaultKernelName = _csharp.Name;
        _root.UseImportMagicCommand();
        _imports = Imports.In(_root);
        _csharp.AddMiddleware((command, context, next) =>
        {
            if (command is SubmitCode submission)
                Place(submission);
            return next(command, context);
        });
    }

    /// <summary>Makes this the kernel of the process: progress goes to the running cell from here on.</summary>
    public void TakeOver()
    {
        Console.SetIn(TextReader.Null);
        AppContext.SetData(NotebookProgress.LiveSinkKey, new LiveProgress(_send));
    }

    /// <summary>Loads, compiles and runs once what the first cell would otherwise wait for.</summary>
    public async Task WarmUpAsync()
    {
        await _root.SendAsync(new SubmitCode("Console.Out.Flush();\ndisplay(0);\n0"));
        _root.KernelEvents.Subscribe(Receive);
    }

    /// <returns>Whether the cell ran to its end; if not, an error has been sent.</returns>
    public async Task<bool> RunAsync(CellRequest cell)
    {
        (_cell, _file, _failed) = (cell.Name, cell.Name, false);
        await _root.SendAsync(new SubmitCode(cell.Code));
        return !_failed;
    }

    public void Dispose() => _root.Dispose();

    /// <summary>Called for packages only; assemblies are the compiler's business.</summary>
    private static Task RefusePackage(KernelCommand command, KernelInvocationContext context)
    {
        context.Fail(command, message: "'#r \"nuget:…\"' is not run here: add the package to a project that the build makes, and import kit.csx.");
        return Task.CompletedTask;
    }

    /// <summary>Gives a piece of code the name of its cell or file, and its place there: the engine cuts a cell at its magic commands.</summary>
    private void Place(SubmitCode submission)
    {
        _file = _imports.File ?? _cell;
        int start = submission.Parent is SubmitCode whole ? whole.Code.IndexOf(submission.Code, StringComparison.Ordinal) : 0;
        if (start > 0)
            Code.SetValue(submission, new string('\n', ((SubmitCode)submission.Parent!).Code.AsSpan(0, start).Count('\n')) + submission.Code);
        Options.SetValue(_csharp, ((ScriptOptions)Options.GetValue(_csharp)!)
            .WithFilePath(_file)
            .WithFileEncoding(Encoding.UTF8)
            .WithEmitDebugInformation(true)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithMetadataResolver(_references));
    }

    private void Receive(KernelEvent happened)
    {
        switch (happened)
        {
            case StandardOutputValueProduced text:
                _send(new StreamWritten("stdout", Text(text)));
                break;
            // The engine repeats here what stopped an import; the failure of the cell carries it.
            case ErrorProduced when _imports.File is not null:
                break;
            case StandardErrorValueProduced or ErrorProduced:
                _send(new StreamWritten("stderr", Text((DisplayEvent)happened)));
                break;
            case DisplayedValueProduced shown:
                _send(new ValueDisplayed(shown.ValueId, Data(shown)));
                break;
            case DisplayedValueUpdated update:
                _send(new ValueUpdated(update.ValueId, Data(update)));
                break;
            // The value of `display(x)` as the last line is on display already.
            case ReturnValueProduced { Value: not DisplayedValue } result:
                _send(new ResultReturned(Data(result)));
                break;
            case DiagnosticsProduced { FormattedDiagnostics.Count: > 0 } told when happened.Command is SubmitCode && Remarks(told) is { Length: > 0 } remarks:
                _send(new StreamWritten("stderr", string.Join('\n', remarks) + "\n"));
                break;
            case CommandFailed failed when !_failed:
                Fail(failed);
                break;
        }
    }

    private string[] Remarks(DiagnosticsProduced told) =>
        // Two versions of a framework assembly that fit each other are remarked on by no build either.
        [.. told.Diagnostics.Where(d => d.Code is not ("CS1701" or "CS1702")).Select(d => string.Create(CultureInfo.InvariantCulture,
            $"{_file} ({d.LinePositionSpan.Start.Line + 1},{d.LinePositionSpan.Start.Character + 1}): {d.Severity.ToString().ToLowerInvariant()} {d.Code}: {d.Message}"))];

    private static string Text(DisplayEvent happened) =>
        happened.FormattedValues.FirstOrDefault(value => value.MimeType == PlainTextFormatter.MimeType)?.Value ?? happened.Value?.ToString() ?? "";

    private static JsonObject Data(DisplayEvent shown)
    {
        var data = new JsonObject();
        foreach (var value in shown.FormattedValues)
            data[value.MimeType] = NotebookFormat.IsJson(value.MimeType) ? JsonNode.Parse(value.Value) : value.Value;
        return data;
    }

    private void Fail(CommandFailed failed)
    {
        switch (failed.Exception)
        {
            case CodeSubmissionCompilationErrorException { InnerException: CompilationErrorException compiler }:
                var errors = compiler.Diagnostics.Where(d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error).Select(d =>
                {
                    var at = d.Location.GetLineSpan().StartLinePosition;
                    return (Line: at.Line + 1, Text: string.Create(CultureInfo.InvariantCulture,
                        $"{_file} ({at.Line + 1},{at.Character + 1}): error {d.Id}: {d.GetMessage(CultureInfo.InvariantCulture)}"));
                }).ToArray();
                Fail("CompilationError", errors[0].Text, [.. errors.Select(e => e.Text)], _imports.File is null ? errors[0].Line : 0);
                break;
            case null when UnknownMagic().Match(failed.Message) is { Success: true } magic:
                int line = int.Parse(magic.Groups["line"].ValueSpan, CultureInfo.InvariantCulture);
                string unknown = $"The magic command {magic.Groups["name"]} is not known here: cells are C#, and '#!import file' is the only command that nbk knows.";
                Fail("Error", unknown, [$"{_file}, line {line}: {unknown}"], _imports.File is null ? line : 0);
                break;
            case null:
                Fail("Error", failed.Message, [$"{_cell}: {failed.Message}"], 0);
                break;
            case { } thrown:
                thrown = thrown is TargetInvocationException { InnerException: { } inner } ? inner : thrown;
                string[] trace = thrown.ToString().ReplaceLineEndings("\n").Split('\n')
                    // The frames of the engine say nothing about the notebook.
                    .Where(line => !EngineFrame().IsMatch(line))
                    .Select(line => SourcePath().Replace(line, " in ${file}"))
                    .ToArray();
                var place = trace.Select(line => CellLine().Match(line)).FirstOrDefault(match => match.Success);
                Fail(thrown.GetType().FullName!, thrown.Message, trace, place is null ? 0 : int.Parse(place.Groups["line"].ValueSpan, CultureInfo.InvariantCulture));
                break;
        }
    }

    private void Fail(string name, string message, string[] trace, int line)
    {
        _failed = true;
        _send(new CellFailed(name, message, trace, line));
    }

    [GeneratedRegex(@"^\((?<line>\d+),\d+\): error DNI101: Unknown magic command (?<name>'.*')")]
    private static partial Regex UnknownMagic();

    [GeneratedRegex(@"^\s+at (NotebookKit\.(Runner\.Kernel|Interactive\.Imports)\b|Microsoft\.(CodeAnalysis\.Scripting|DotNet\.Interactive)\.)|^--- End of stack trace from previous location ---$")]
    private static partial Regex EngineFrame();

    /// <summary>The folder of a source file is the builder's; only the file's name and line are the reader's business.</summary>
    [GeneratedRegex(@" in (?:.*[/\\])?(?<file>[^/\\]+:line \d+)$")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@" in cell \d+:line (?<line>\d+)$")]
    private static partial Regex CellLine();

    private sealed class LiveProgress(Action<CellEvent> send) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => send(new ProgressMade(value.Stage, value.Done, value.Total, value.Note));
    }
}
