using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace NotebookKit.Interactive;

/// <summary>
/// <c>#!import</c> that tells what went wrong. As the engine has it, an exception in an imported file is told to nobody, and the cell
/// answers that all is well.
/// </summary>
public sealed class Imports
{
    private const int Deepest = 8;

    private readonly Kernel _root;
    private readonly Stack<string> _files = [];

    private Imports(Kernel root) => _root = root;

    /// <summary>The name of the file whose code runs now; null while it is the cell's own.</summary>
    public string? File => _files.TryPeek(out string? file) ? file : null;

    /// <summary>From here on a missing file, or an error in an imported one, fails the cell that imports it.</summary>
    /// <param name="root">The kernel that all others stand under.</param>
    public static Imports In(CompositeKernel root)
    {
        var imports = new Imports(root);
        root.RegisterCommandHandler<ImportDocument>(imports.RunAsync);
        return imports;
    }

    private async Task RunAsync(ImportDocument import, KernelInvocationContext context)
    {
        var file = new FileInfo(import.FilePath);
        string? problem = !file.Exists
            ? $"'#!import {import.FilePath}' finds no file {file.FullName}. kit.csx is written by the build: run 'dotnet build -c Release'."
            : _files.Count >= Deepest
            ? $"'#!import {import.FilePath}' is nested deeper than {Deepest} files; does a file import itself?"
            : null;
        if (problem is not null)
        {
            context.Fail(import, message: problem);
            return;
        }
        if (file.Extension is not (".csx" or ".cs"))
        {
            await _root.LoadAndRunInteractiveDocument(file);
            return;
        }
        _files.Push(file.Name);
        try
        {
            var result = await _root.SendAsync(new SubmitCode(await System.IO.File.ReadAllTextAsync(file.FullName), "csharp"));
            if (result.Events.OfType<CommandFailed>().FirstOrDefault() is { } failed)
                context.Fail(import, failed.Exception, failed.Message);
        }
        finally
        {
            _files.Pop();
        }
    }
}
