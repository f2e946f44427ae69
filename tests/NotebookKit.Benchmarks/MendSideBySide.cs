using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Benchmarks;

/// <summary>
/// An edit by MEND beside one step of fine-tuning on the same model and the same weights, in turns, at growing widths: ratios of medians, what
/// the transform holds at its peak beside the matrix that it never forms, and edits together beside edits one by one.
/// </summary>
internal static class MendSideBySide
{
    private const string Usage = """
        mend [--widths 256,512,1024,2048,4096] [--rank 64] [--turns 9] [--edits 16] [--threads 1]
          A GPT-2 of two blocks at each width; the feed-forward matrices of the last one are edited, [width, 4 width] and back.
        """;

    public static int Run(string[] args)
    {
        Dictionary<string, string> options = new() { ["widths"] = "256,512,1024,2048,4096", ["rank"] = "64", ["turns"] = "9", ["edits"] = "16", ["threads"] = "1" };
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            string name = args[i].TrimStart('-');
            if (!options.ContainsKey(name))
            {
                Console.Error.WriteLine(Usage);
                return 1;
            }
            options[name] = args[i + 1];
        }
        int Number(string name) => int.Parse(options[name], CultureInfo.InvariantCulture);
        TorchRuntime.Load();
        set_num_threads(Number("threads"));
        Console.WriteLine($"| width | matrix, MB | edit / fine-tuning step | of it transform and apply | {Number("edits")} edits together / one by one | peak beside the weights, MB: transform | edit | fine-tuning step |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (string width in options["widths"].Split(',')) Console.WriteLine(Row(int.Parse(width, CultureInfo.InvariantCulture), Number("rank"), Number("turns"), Number("edits")));
        return 0;
    }

    private static string Row(int width, int rank, int turns, int edits)
    {
        using var gpt2 = new Gpt2LMHeadModel(new() { VocabSize = 1000, HiddenSize = width, NumHiddenLayers = 2, NumAttentionHeads = width / 64, MaxPositionEmbeddings = 32, EosTokenId = 0, ResidPdrop = 0, EmbdPdrop = 0, AttnPdrop = 0 });
        using var model = new EditableGpt2(gpt2, EditableGpt2.LastMlps(gpt2.Transformer.Config, blocks: 1));
        using var editor = new MendEditor(model, new() { Rank = rank, InitialAlpha = 1e-9 });
        var random = new Random(width);
        int Token() => random.Next(1, 1000);
        EditExample[] examples = [.. Enumerable.Range(0, edits).Select(_ => new EditExample([.. Enumerable.Range(0, 10).Select(_ => Token())], [Token(), Token(), 0]))];
        using EditBatch one = model.Batch(examples[..1]), all = model.Batch(examples);
        EditBatch[] each = [.. examples.Select(e => model.Batch([e]))];
        editor.FitStatistics([all]);

        // One step of fine-tuning: forward, backward into the weights, RMSprop.
        Parameter[] weights = [.. model.Weights.Select(w => w.Weight)];
        Tensor[] before = [.. weights.Select(w => w.detach().clone())];
        void FineTune(OptimizerHelper optimizer)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            EditLosses.Edit(model.Logits(one), one.Targets).backward();
            optimizer.step();
        }
        void Edit(EditBatch batch)
        {
            using EditedModel edited = editor.Edit(batch);
            edited.Apply(revertible: false);
        }
        void Frozen(bool frozen)
        {
            foreach (Parameter weight in weights) weight.requires_grad_(!frozen);
        }

        var (ours, theirs, front, together, apart) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        double tuningPeak;
        using (OptimizerHelper optimizer = optim.RMSProp(weights, 1e-9))
        {
            Frozen(false);
            tuningPeak = PeakMegabytes(() => FineTune(optimizer));
            for (int turn = -2; turn < turns; turn++)
            {
                Frozen(false);
                double theirTime = Milliseconds(() => FineTune(optimizer));
                Frozen(true);
                double ourTime = Milliseconds(() => Edit(one)), gradientTime = Milliseconds(() => model.Gradient(one).Dispose());
                if (turn < 0) continue; // the first ones warm up
                theirs.Add(theirTime);
                ours.Add(ourTime);
                front.Add(gradientTime);
            }
        }
        foreach (Parameter weight in weights) weight.grad = null;
        for (int turn = -1; turn < Math.Max(3, turns / 3); turn++)
        {
            double togetherTime = Milliseconds(() => Edit(all)), apartTime = Milliseconds(() => Array.ForEach(each, Edit));
            if (turn < 0) continue;
            together.Add(togetherTime);
            apart.Add(apartTime);
        }
        using (no_grad())
        using (NewDisposeScope())
            for (int i = 0; i < weights.Length; i++) weights[i].copy_(before[i]);
        foreach (Tensor tensor in before) tensor.Dispose();

        using EditGradient gradient = model.Gradient(one);
        double transformPeak = PeakMegabytes(() =>
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            editor.Network.Updates(gradient.Factors);
        });
        double editPeak = PeakMegabytes(() => Edit(one));
        foreach (EditBatch batch in each) batch.Dispose();
        return string.Create(CultureInfo.InvariantCulture,
            $"| {width} | {4.0 * width * width * 4 / (1 << 20):0.0} | {Median(ours) / Median(theirs):0.00} | {(Median(ours) - Median(front)) / Median(ours):0 %} | {Median(together) / Median(apart):0.00} | {transformPeak:0.0} | {editPeak:0.0} | {tuningPeak:0.0} |");
    }

    private static double Milliseconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>How far the resident memory rises above what it is at the start; NaN where the system does not say.</summary>
    private static double PeakMegabytes(Action run)
    {
        run(); // once before, so that what is loaded at the first use does not count
        try
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            MallocTrim(0); // and nothing that was freed lies ready to be used again
            File.WriteAllText("/proc/self/clear_refs", "5"); // the peak begins anew at what is resident now
            double start = Status("VmRSS:");
            run();
            return Math.Max(0, Status("VmHWM:") - start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            return double.NaN;
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint keep);

    private static double Status(string field) =>
        double.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
