using System.Collections;
using System.CommandLine;
using System.Globalization;
using NotebookKit.Runner.Execution;
using NotebookKit.Runner.Notebooks;
using NotebookKit.Runner.Site;
using NotebookKit.Studies.Experiments;
using Spectre.Console;

namespace NotebookKit.Runner.Commands;

/// <summary><c>nbk run</c>: executes notebooks and leaves executed copies and pages.</summary>
internal static class RunCommand
{
    private const double DefaultCellSeconds = 3600;

    public static Command Create()
    {
        var names = new Argument<string[]>("notebooks") { Description = "Names, starts of names or paths; none means every notebook.", Arity = ArgumentArity.ZeroOrMore };
        var preset = new Option<string?>("--preset") { Description = Presets.Words + "." };
        preset.AcceptOnlyFromAmong([.. Presets.All]);
        var parameters = new Option<string[]>("--parameter", "-p") { Description = "name=value for a variable of the cell tagged 'parameters'.", Arity = ArgumentArity.ZeroOrMore };
        var site = new Option<string?>("--out") { Description = "The folder for executed copies and pages (artifacts/site)." };
        var limit = new Option<double?>("--cell-timeout") { Description = "Seconds a cell may take, 0 for any time (3600; presets long and gpu: any time)." };
        var jobs = new Option<int>("--jobs", "-j") { Description = "Notebooks that run side by side.", DefaultValueFactory = _ => 1 };
        var threads = new Option<int?>("--threads") { Description = "Threads for the mathematics of each notebook (all cores, whatever runs beside it). Another number may change the last digits of a sum." };
        var write = new Option<bool>("--write") { Description = "Also put the executed copy of each notebook that passed in the notebook's place." };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is < 0 or double.NaN or > 2_000_000)
                result.AddError("--cell-timeout takes seconds from 0 to 2000000.");
        });
        jobs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--jobs takes a number from 1.");
        });
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
                result.AddError("--threads takes a number from 1.");
        });
        var command = new Command("run", "Execute notebooks; write executed copies and a page for each.") { names, preset, parameters, site, limit, jobs, threads, write };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var repository = Repository.Find();
            string? chosen = parsed.GetValue(preset);
            double seconds = parsed.GetValue(limit) ?? (chosen is "long" or "gpu" ? 0 : DefaultCellSeconds);
            var options = new SuiteOptions
            {
                SiteFolder = Path.GetFullPath(parsed.GetValue(site) ?? repository.Site),
                Preset = chosen,
                Parameters = Pairs(parsed.GetValue(parameters) ?? []),
                Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? ""),
                CellLimit = seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds),
                Jobs = parsed.GetValue(jobs),
                Threads = parsed.GetValue(threads) ?? Environment.ProcessorCount,
            };
            return await RunAsync(repository, parsed.GetValue(names) ?? [], options, parsed.GetValue(write), stop);
        }));
        return command;
    }

    private static async Task<int> RunAsync(Repository repository, string[] names, SuiteOptions options, bool write, CancellationToken stop)
    {
        var files = NotebookFile.Select(repository.Notebooks, names);
        var outcomes = await ObservedAsync(files, options, stop);
        Tell(outcomes);
        var executed = files.Zip(outcomes)
            .Where(run => run.Second.Notebook is not null)
            .Select(run => (File: run.First, Outcome: run.Second, Notebook: run.Second.Notebook!, Copy: SuiteRun.ExecutedPath(options.SiteFolder, run.First.Name))).ToArray();
        if (!stop.IsCancellationRequested)
            await AddPicturesAsync(executed.Select(run => (run.Notebook, run.Copy)), stop);
        foreach (var run in executed.Where(run => write && run.Outcome.Succeeded))
            NotebookWriter.Write(run.Notebook, run.File.Path);
        string commit = await Machine.CommitAsync(repository.Root);
        var pages = new List<SitePage>();
        foreach (var (file, outcome, notebook, copy) in executed)
        {
            string device = await Machine.DescribeAsync(outcome.Devices);
            string title = MarkdownHtml.Title(notebook) ?? Path.GetFileNameWithoutExtension(copy);
            pages.Add(new SitePage(copy, file.Folder, title, ParameterInjection.PresetOf(notebook), outcome.Time.TotalSeconds, device, commit, DateTimeOffset.UtcNow, outcome.Word) { Notebook = notebook });
        }
        SiteBuilder.Build(options.SiteFolder, RunLog.Merge(options.SiteFolder, pages));
        TellWhere(options);
        return outcomes.All(outcome => outcome.Succeeded) ? 0 : 1;
    }

    /// <summary>A figure is data that a script draws; where no script runs, such as on GitHub, only a picture shows.</summary>
    private static async Task AddPicturesAsync(IEnumerable<(Notebook Notebook, string Copy)> executed, CancellationToken stop)
    {
        Browser? browser;
        try
        {
            browser = Browser.Find();
        }
        catch (FileNotFoundException e)
        {
            throw new NotebookFormatException($"The notebooks have run, but without pictures or pages: {e.Message}", e);
        }
        foreach (var (notebook, copy) in executed)
        {
            var pictures = await FigurePictures.AddAsync(notebook, browser, stop);
            if (pictures.Added > 0)
                NotebookWriter.Write(notebook, copy);
            if (pictures.LeftOut is { } reason)
                Console.WriteLine($"{Path.GetFileName(copy)}: {reason}.");
        }
    }

    /// <summary>Runs notebooks and shows how it goes: redrawn in a terminal, in lines elsewhere.</summary>
    internal static async Task<IReadOnlyList<NotebookOutcome>> ObservedAsync(IReadOnlyList<NotebookFile> files, SuiteOptions options, CancellationToken stop)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            return await SuiteRun.RunAsync(files, options, new PlainObserver(Console.Out), stop);
        var board = new LiveObserver(files.Select(file => file.Name));
        return await board.DrawAsync(AnsiConsole.Console, () => SuiteRun.RunAsync(files, options, board, stop));
    }

    private static void Tell(IReadOnlyList<NotebookOutcome> outcomes)
    {
        var culture = CultureInfo.InvariantCulture;
        var table = new Table().Border(TableBorder.Simple).AddColumn("notebook")
            .AddColumn(new TableColumn("cells").RightAligned()).AddColumn(new TableColumn("seconds").RightAligned()).AddColumn("result");
        foreach (var outcome in outcomes)
        {
            table.AddRow(
                new Text(outcome.Name), new Text(string.Create(culture, $"{outcome.Executed}/{outcome.CodeCells}")),
                new Text(outcome.Time.TotalSeconds.ToString("0.0", culture)),
                new Markup(outcome.Succeeded ? "[green]passed[/]" : $"[red]{outcome.Word}[/]"));
        }
        AnsiConsole.Write(table);
        foreach (var outcome in outcomes.Where(outcome => !outcome.Succeeded))
            Console.Error.WriteLine(outcome.Problem);
    }

    private static void TellWhere(SuiteOptions options)
    {
        Console.WriteLine($"Executed notebooks and pages: {options.SiteFolder}");
        Console.WriteLine($"Open {Path.Combine(options.SiteFolder, "index.html")} in a browser.");
        if (options.Preset is null or "smoke")
        {
            Console.WriteLine("This was the short run. Longer ones: 'nbk run --preset cpu' (two cores, under twenty minutes a notebook), '--preset long' (up to an");
            Console.WriteLine("hour; stopped and started again it goes on) and '--preset gpu', where nbk is 'dotnet run -c Release --project lib/NotebookKit.Runner --'.");
        }
    }

    private static Dictionary<string, string> Pairs(string[] given)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new NotebookFormatException($"-p takes name=value, not '{text}'.");
            if (!pairs.TryAdd(text[..equals], text[(equals + 1)..]))
                throw new NotebookFormatException($"-p sets '{text[..equals]}' twice.");
        }
        return pairs;
    }
}
