using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Execution;

/// <summary>What <c>nbk run</c> is asked to do.</summary>
internal sealed record SuiteOptions
{
    /// <summary>Where executed copies go.</summary>
    public required string SiteFolder { get; init; }

    /// <summary>The value for each notebook's parameter <c>preset</c>; null leaves the declared one.</summary>
    public string? Preset { get; init; }

    /// <summary>Other parameters by name.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment, of which NOTEBOOKKIT_NAME sets the parameter of that name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public TimeSpan CellLimit { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Notebooks that run side by side.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Threads for the mathematics of each notebook. Not fewer because others run beside it: another number may give other last digits.</summary>
    public int Threads { get; init; } = System.Environment.ProcessorCount;
}

/// <summary>Runs a list of notebooks, each in its own process; one that fails does not stop the others.</summary>
internal static class SuiteRun
{
    private const string PresetParameter = "preset";
    private const string EnvironmentPrefix = "NOTEBOOKKIT_";

    /// <returns>One outcome a notebook, in the order given.</returns>
    /// <exception cref="NotebookFormatException">A parameter is known to none of the notebooks, or its value does not fit; nothing was run.</exception>
    public static async Task<IReadOnlyList<NotebookOutcome>> RunAsync(
        IReadOnlyList<NotebookFile> files, SuiteOptions options, IRunObserver observer, CancellationToken stop)
    {
        if (options.Preset is not null && options.Parameters.ContainsKey(PresetParameter))
            throw new NotebookFormatException($"The preset is given twice, by --preset and by -p {PresetParameter}=…; leave one out.");
        await using var kernels = new KernelStarts(files, options.Threads);
        kernels.Begin(0);
        // Everything is read and set before anything runs: a wrong name should not show after ten minutes.
        var prepared = files.Select(Prepare).ToArray();
        RefuseUnknown(files, prepared, options);
        foreach (var (file, (notebook, declared, _)) in files.Zip(prepared))
        {
            if (notebook is not null)
                ParameterInjection.Inject(notebook, file.Name, Values(declared, options));
        }

        var outcomes = new NotebookOutcome[files.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, files.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Jobs), CancellationToken = CancellationToken.None },
            async (i, _) => outcomes[i] = await RunOneAsync(i, files[i], prepared[i], kernels, options, observer, stop));
        return outcomes;
    }

    /// <summary>Where a notebook's executed copy lies.</summary>
    public static string ExecutedPath(string siteFolder, string name) => Path.Combine([siteFolder, .. $"{name}.ipynb".Split('/')]);

    private static async Task<NotebookOutcome> RunOneAsync(
        int number, NotebookFile file, Prepared prepared, KernelStarts kernels, SuiteOptions options, IRunObserver observer, CancellationToken stop)
    {
        NotebookOutcome outcome;
        if (prepared.Notebook is null || stop.IsCancellationRequested)
        {
            outcome = new NotebookOutcome(file.Name, 0, 0, TimeSpan.Zero, prepared.Problem ?? $"{file.Name}: stopped before it began.", prepared.Problem is null);
            observer.Ended(outcome);
            return outcome;
        }
        var run = new NotebookRun(file.Name, prepared.Notebook, kernels.Take(number), ExecutedPath(options.SiteFolder, file.Name))
        {
            CellLimit = options.CellLimit,
            WhenReady = () => kernels.Begin(number + options.Jobs),
        };
        try
        {
            return await run.RunAsync(observer, stop);
        }
        catch (Exception e) when (e is NotebookFormatException or IOException or UnauthorizedAccessException)
        {
            outcome = new NotebookOutcome(file.Name, 0, 0, TimeSpan.Zero, e.Message);
            observer.Ended(outcome);
            return outcome;
        }
    }

    private static Prepared Prepare(NotebookFile file)
    {
        try
        {
            var notebook = NotebookReader.Read(file.Path);
            return new Prepared(notebook, ParameterInjection.Declared(notebook), null);
        }
        catch (NotebookFormatException e)
        {
            return new Prepared(null, [], e.Message);
        }
    }

    /// <summary>The values for the parameters that this notebook has: the command line goes before the environment.</summary>
    private static Dictionary<string, GivenValue> Values(IReadOnlyList<Parameter> declared, SuiteOptions options)
    {
        var values = new Dictionary<string, GivenValue>(StringComparer.Ordinal);
        foreach (var parameter in declared)
        {
            if (options.Parameters.TryGetValue(parameter.Name, out string? given))
                values[parameter.Name] = new(given, "-p");
            else if (parameter.Name == PresetParameter && options.Preset is { } preset)
                values[parameter.Name] = new(preset, "--preset");
            else if (options.Environment.FirstOrDefault(e => Names(e.Key, parameter.Name)) is { Key: { } variable, Value: { } text })
                values[parameter.Name] = new(text, variable);
        }
        return values;
    }

    /// <summary>NOTEBOOKKIT_UNIT_LENGTH and NOTEBOOKKIT_UNITLENGTH both name the parameter unitLength.</summary>
    private static bool Names(string variable, string parameter) =>
        variable.StartsWith(EnvironmentPrefix, StringComparison.Ordinal)
        && variable[EnvironmentPrefix.Length..].Replace("_", "", StringComparison.Ordinal)
            .Equals(parameter.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    /// <summary>With several notebooks a parameter is for those that have it; one that none has is a slip of the pen.</summary>
    private static void RefuseUnknown(IReadOnlyList<NotebookFile> files, Prepared[] prepared, SuiteOptions options)
    {
        if (prepared.All(p => p.Notebook is null))
            return;
        foreach (string? name in options.Parameters.Keys.Where(name => !prepared.Any(p => p.Declared.Any(d => d.Name == name))))
        {
            var known = files.Zip(prepared).Where(pair => pair.Second.Notebook is not null)
                .Select(pair => $"{Environment.NewLine}  {Place(pair.First, pair.Second.Notebook!)}: {ParameterInjection.Names(pair.Second.Declared)}");
            throw new NotebookFormatException($"No notebook of this run has a parameter '{name}'. Known are:{string.Concat(known)}");
        }
    }

    private static string Place(NotebookFile file, Notebook notebook)
    {
        int index = notebook.Cells.FindIndex(cell => cell.HasTag(ParameterInjection.ParametersTag));
        return index < 0 ? $"{file.Name} (no cell is tagged '{ParameterInjection.ParametersTag}')" : $"{file.Name}, cell {index + 1} (id {notebook.Cells[index].Id})";
    }

    private sealed record Prepared(Notebook? Notebook, IReadOnlyList<Parameter> Declared, string? Problem);
}
