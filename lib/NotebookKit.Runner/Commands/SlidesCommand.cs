using System.CommandLine;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Site;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk slides</c>: makes a presentation of a notebook.</summary>
internal static class SlidesCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("notebook") { Description = "A name, the start of one, or a path." };
        var site = new Option<string?>("--out") { Description = "The folder of the executed copies, where the presentation goes too (artifacts/site)." };
        var command = new Command("slides", "Make a presentation of a notebook: one file for any browser, which prints to PDF.") { name, site };
        command.SetAction(parsed => Guard.Run(() =>
        {
            var repository = Repository.Find();
            Make(NotebookFile.Select(repository.Notebooks, [parsed.GetValue(name)!])[0], Path.GetFullPath(parsed.GetValue(site) ?? repository.Site));
            return 0;
        }));
        return command;
    }

    private static void Make(NotebookFile file, string siteFolder)
    {
        // The latest run if there is one, else the notebook as it stands in the checkout.
        string executed = SuiteRun.ExecutedPath(siteFolder, file.Name);
        string source = File.Exists(executed) ? executed : file.Path;
        string slides = Path.Combine([siteFolder, .. $"{file.Name}.slides.html".Split('/')]);
        int count = SlideBuilder.Build(source, slides, file.Folder);
        Console.WriteLine($"{count} slides from {source}");
        Console.WriteLine($"Open {slides} in a browser; print it there to a PDF, one slide a page.");
    }
}
