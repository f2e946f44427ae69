using System.CommandLine;
using NotebookKit.Runner.Doctor;
using NotebookKit.Runner.Execution;
using Spectre.Console;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk doctor</c>: says what this machine offers to the notebooks and what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Tell what was found on this machine: SDK, libtorch, devices, threads, corpus, free disk.");
        command.SetAction(_ => Guard.Run(Run));
        return command;
    }

    private static int Run()
    {
        var repository = Repository.Find();
        var findings = SystemFindings.All(repository).Concat(KitFindings.All(repository)).ToArray();
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var finding in findings)
        {
            grid.AddRow(
                finding.Verdict switch { Verdict.Good => new Markup("[green]ok[/]"), Verdict.Lacking => new Markup("[yellow]note[/]"), _ => new Markup("[red]broken[/]") },
                new Text(finding.Name), new Text(finding.Text));
        }
        // A pipe has no width: a path broken over two lines could not be copied out of a log.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = 1000;
        AnsiConsole.Write(grid);
        return findings.Any(finding => finding.Verdict == Verdict.Broken) ? 1 : 0;
    }
}
