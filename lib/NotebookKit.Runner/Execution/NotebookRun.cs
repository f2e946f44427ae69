using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NotebookKit.Runner.Kernel;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Runner.Execution;

/// <summary>
/// Executes one notebook in a kernel process of its own and keeps the executed copy on disk up to date: after each cell, and at most
/// a second behind within one. When the process dies, the copy says at which cell and why.
/// </summary>
/// <param name="name">The notebook's name, for messages.</param>
/// <param name="notebook">The notebook with its parameters set; its outputs are replaced.</param>
/// <param name="kernel">The process, started in the notebook's folder; it ends with the run.</param>
/// <param name="executedPath">Where the executed copy goes.</param>
internal sealed class NotebookRun(string name, Notebook notebook, KernelProcess kernel, string executedPath)
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (NotebookCell Cell, int Index)> _displays = [];
    private readonly Lock _gate = new();
    private StringBuilder? _openStream;
    private NotebookCell? _openCell;
    private bool _changed;
    private bool _isReady;

    /// <summary>The time limit of one cell.</summary>
    public TimeSpan CellLimit { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Called when the notebook's process takes cells, and there is a processor to spare for another's start.</summary>
    public Action WhenReady { get; init; } = () => { };

    /// <exception cref="NotebookFormatException">The executed copy cannot be written as a valid notebook.</exception>
    public async Task<NotebookOutcome> RunAsync(IRunObserver observer, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        foreach (var cell in notebook.Cells)
        {
            cell.Outputs.Clear();
            cell.ExecutionCount = null;
        }
        Write();
        await using var behind = new Timer(_ => WriteIfBehind(), null, WriteInterval, WriteInterval);
        var code = Numbered().Where(cell => cell.Cell.Kind == CellKind.Code).ToArray();
        observer.Started(name, code.Length);

        var (executed, problem) = (0, (string?)null);
        await using var ending = kernel;
        foreach (var (cell, cellName) in code)
        {
            observer.CellStarted(name, executed + 1);
            if (string.IsNullOrWhiteSpace(cell.Source))
            {
                executed++;
                continue;
            }
            lock (_gate)
                cell.ExecutionCount = executed + 1;
            problem = await RunCellAsync(cell, cellName, observer, stop);
            executed++;
            Write();
            if (problem is not null)
                break;
        }
        var outcome = new NotebookOutcome(name, executed, code.Length, clock.Elapsed, problem, problem is not null && stop.IsCancellationRequested)
        {
            Notebook = notebook,
            Devices = problem is null && _isReady ? await kernel.DevicesAsync(stop) : [],
        };
        observer.Ended(outcome);
        return outcome;
    }

    /// <summary>Cells as messages call them: by their number in the notebook that was read, which has no injected cell.</summary>
    private IEnumerable<(NotebookCell Cell, string Name)> Numbered()
    {
        int number = 0;
        foreach (var cell in notebook.Cells)
            yield return (cell, cell.HasTag(ParameterInjection.InjectedTag) ? "injected parameters" : $"cell {++number}");
    }

    private async Task<string?> RunCellAsync(NotebookCell cell, string cellName, IRunObserver observer, CancellationToken stop)
    {
        string place = $"{name}, {cellName} (id {cell.Id})";
        if (OtherLanguage(cell) is { } language)
            return Stop(cell, "Error", $"The cell's language is '{language}'; only C# cells can be run here.", [], place);

        CellFailed? failure = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        KernelDeath? death;
        try
        {
            if (!_isReady)
            {
                death = await kernel.ReadyAsync(stop);
                _isReady = true;
                WhenReady();
                if (death is not null)
                    return Stop(cell, "KernelDied", $"The process for this notebook ended before it took a cell, with {death.Cause}.", death.NativeText, place);
            }
            limit.CancelAfter(CellLimit);
            death = await kernel.RunAsync(new CellRequest(cellName, cell.Source), Receive, limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Code in a cell cannot be stopped from outside, a process can.
            kernel.Kill();
            return stop.IsCancellationRequested
                ? Stop(cell, "Interrupted", "The run was stopped while this cell was running.", [], place)
                : Stop(cell, "CellTimeout", string.Create(CultureInfo.InvariantCulture,
                    $"The cell was stopped: it ran longer than the limit of {CellLimit.TotalSeconds:0.#} s (--cell-timeout)."), [], place);
        }
        if (death is not null)
            return Stop(cell, "KernelDied", $"The process that ran this cell ended with {death.Cause}.", death.NativeText, place);
        if (failure is null || cell.HasTag("raises-exception"))
            return null;
        string line = failure.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $", line {failure.Line}") : "";
        return $"{place}{line}: {failure.Name}: {failure.Message}";

        void Receive(CellEvent message)
        {
            if (message is CellFailed failed)
                failure = failed;
            if (message is ProgressMade progress)
                observer.Progress(name, new ProgressReport(progress.Stage, progress.Done, progress.Total, progress.Note));
            else
                Keep(cell, message);
        }
    }

    private void Keep(NotebookCell cell, CellEvent message)
    {
        lock (_gate)
        {
            _changed = true;
            if (message is StreamWritten more && _openCell == cell && cell.Outputs is [.., StreamOutput last] && last.Name == more.Name)
            {
                _openStream!.Append(more.Text);
                return;
            }
            Settle();
            switch (message)
            {
                case StreamWritten text:
                    (_openCell, _openStream) = (cell, new StringBuilder(text.Text));
                    cell.Outputs.Add(new StreamOutput(text.Name, text.Text));
                    break;
                case ValueDisplayed shown:
                    _displays[shown.Id] = (cell, cell.Outputs.Count);
                    cell.Outputs.Add(new DisplayOutput(shown.Data, []));
                    break;
                case ValueUpdated update when _displays.TryGetValue(update.Id, out var at):
                    at.Cell.Outputs[at.Index] = new DisplayOutput(update.Data, []);
                    break;
                case ResultReturned result:
                    cell.Outputs.Add(new ResultOutput(result.Data, [], cell.ExecutionCount));
                    break;
                case CellFailed failed:
                    cell.Outputs.Add(new ErrorOutput(failed.Name, failed.Message, failed.Traceback));
                    break;
            }
        }
    }

    /// <summary>Text that comes in many small pieces is gathered apart; here it becomes the text of its output.</summary>
    private void Settle()
    {
        if (_openCell?.Outputs is [.., StreamOutput last] && last.Text.Length < _openStream!.Length)
            _openCell.Outputs[^1] = last with { Text = _openStream.ToString() };
    }

    private string Stop(NotebookCell cell, string error, string message, IReadOnlyList<string> details, string place)
    {
        lock (_gate)
        {
            Settle();
            cell.Outputs.Add(new ErrorOutput(error, message, [message, .. details]));
        }
        return string.Join(Environment.NewLine, [$"{place}: {message}", .. details.Take(5).Select(line => "    " + line)]);
    }

    private void Write()
    {
        lock (_gate)
        {
            Settle();
            NotebookWriter.Write(notebook, executedPath);
            _changed = false;
        }
    }

    private void WriteIfBehind()
    {
        try
        {
            lock (_gate)
            {
                if (_changed)
                    Write();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotebookFormatException)
        {
            // The write at the end of the cell meets the same trouble and reports it.
        }
    }

    /// <summary>The language that a polyglot notebook notes for a cell, when it is not C#.</summary>
    private static string? OtherLanguage(NotebookCell cell)
    {
        string? language = ((cell.Metadata["polyglot_notebook"] as JsonObject)?["kernelName"] ?? (cell.Metadata["dotnet_interactive"] as JsonObject)?["language"])?.ToString();
        return language is null or "csharp" or "C#" ? null : language;
    }
}
