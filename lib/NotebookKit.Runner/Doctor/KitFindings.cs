using System.Globalization;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Site;
using NotebookKit.Studies.Data;
using NotebookKit.Training;

namespace NotebookKit.Runner.Doctor;

/// <summary>What the kit itself needs: libtorch, a corpus, the built script, a browser for pictures.</summary>
internal static class KitFindings
{
    public static IEnumerable<Finding> All(Repository repository) => [.. Torch(), Corpus(), Script(repository), Chromium()];

    private static IEnumerable<Finding> Torch()
    {
        TorchRuntime torch;
        try
        {
            torch = TorchRuntime.Load();
        }
        catch (TorchUnavailableException e)
        {
            return [new("libtorch", Verdict.Broken, e.Message)];
        }
        return
        [
            new("libtorch", Verdict.Good, $"{torch.Version}, loaded from {torch.Folder}"),
            new("devices", Verdict.Good, string.Join(", ", torch.Devices)),
            new("threads", Verdict.Good, torch.Threads.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    private static Finding Corpus()
    {
        try
        {
            var source = ApiDocsSource.Find();
            string text = $"API documentation of .NET {source.Version}, {source.Files.Count.ToString(CultureInfo.InvariantCulture)} files, from {source.Origin}";
            return source.Pinned
                ? new("corpus", Verdict.Good, text)
                : new("corpus", Verdict.Lacking, text + "; not the version that the notebooks name, so numbers will differ: build once where packages can be restored.");
        }
        catch (FileNotFoundException e)
        {
            return new("corpus", Verdict.Broken, e.Message);
        }
    }

    private static Finding Script(Repository repository)
    {
        string path = Path.Combine(repository.Notebooks, "kit.csx");
        return File.Exists(path)
            ? new("notebooks", Verdict.Good, $"{NotebookFile.All(repository.Notebooks).Count.ToString(CultureInfo.InvariantCulture)} in {repository.Notebooks}")
            : new("notebooks", Verdict.Broken, $"{path} is missing, which every notebook imports; run 'dotnet build' in {repository.Root}.");
    }

    private static Finding Chromium()
    {
        try
        {
            return Browser.Find() is { } browser
                ? new("browser", Verdict.Good, browser.Path)
                : new("browser", Verdict.Lacking,
                    $"No Chromium, Chrome or Edge was found, so notebooks get no static pictures of their figures; install one, or name it in {Browser.Variable}.");
        }
        catch (FileNotFoundException e)
        {
            return new("browser", Verdict.Lacking, e.Message);
        }
    }
}
