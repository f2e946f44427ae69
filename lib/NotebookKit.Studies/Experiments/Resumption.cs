using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using NotebookKit.Training;

namespace NotebookKit.Studies.Experiments;

/// <summary>
/// Lets a training run that was interrupted go on where it was: every half minute the run and what it has measured so far are kept in a
/// folder, such as <see cref="Run{TSettings}.WorkFolder"/>. So an interruption loses at most half a minute and the step it fell into, and
/// the resumed run ends with the same bits as one that was never interrupted.
/// </summary>
public sealed class Resumption
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly TrainingRun _run;
    private readonly string _folder;
    private readonly TimeSpan _interval;
    private readonly List<Measurement> _rows = [];
    private long _kept = Stopwatch.GetTimestamp();

    /// <summary>Sets the run to where an earlier attempt was kept; a kept file that is damaged or belongs to another model is no such place.</summary>
    /// <param name="run">The run, just begun.</param>
    /// <param name="folder">Where it is kept; "" to keep nothing.</param>
    /// <param name="interval">How often it is kept; half a minute when left out.</param>
    public Resumption(TrainingRun run, string folder, TimeSpan? interval = null)
    {
        (_run, _folder, _interval) = (run, folder, interval ?? Interval);
        if (folder.Length == 0 || !File.Exists(StateFile)) return;
        try
        {
            var measured = JsonSerializer.Deserialize<List<Measurement>>(File.ReadAllText(RowsFile), Json) ?? [];
            Checkpoint.Load(StateFile, run);
            // The rows are written first, so they may be ahead of the state; what they are ahead will be measured again.
            _rows.AddRange(measured.Where(row => row.Step <= run.Step));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or JsonException)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What has been measured, by this attempt and those before it.</summary>
    public IReadOnlyList<Measurement> Rows => _rows;

    /// <summary>Adds what was measured at a step. A step that was measured before its state was kept may be measured once more; the later row counts.</summary>
    public void Add(Measurement row)
    {
        _rows.RemoveAll(r => r.Step == row.Step && r.Metric == row.Metric);
        _rows.Add(row);
    }

    /// <summary>
    /// To be called between two steps, when what is measured at this one is added: tells how far the run is, and keeps it if the last time
    /// is long enough ago, or if the answer is a wish to stop.
    /// </summary>
    /// <param name="progress">Is told, and may throw.</param>
    /// <param name="report">What it is told.</param>
    /// <exception cref="OperationCanceledException">The reader asked for a stop; the run is kept as it is.</exception>
    public void Keep(IProgress<ProgressReport>? progress = null, ProgressReport report = default)
    {
        try
        {
            progress?.Report(report);
        }
        catch (OperationCanceledException)
        {
            Save();
            throw;
        }
        if (Stopwatch.GetElapsedTime(_kept) >= _interval) Save();
    }

    private void Save()
    {
        if (_folder.Length == 0) return;
        AtomicFile.Write(RowsFile, JsonSerializer.SerializeToUtf8Bytes(_rows, Json));
        Checkpoint.Save(StateFile, _run);
        _kept = Stopwatch.GetTimestamp();
    }

    private string StateFile => Path.Combine(_folder, "run.checkpoint");

    private string RowsFile => Path.Combine(_folder, "rows.json");
}
