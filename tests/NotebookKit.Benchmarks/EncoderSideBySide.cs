using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using NotebookKit.Training;
using static TorchSharp.torch;

namespace NotebookKit.Benchmarks;

/// <summary>The kit's BERT beside ONNX Runtime with the same weights, MiniLM's, in one process and in turns.</summary>
internal static class EncoderSideBySide
{
    public static int Run(string[] args)
    {
        int turns = args is ["--turns", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 7;
        TorchRuntime.Load();
        using BertModel trunk = PretrainedBert.MiniLM.LoadTrunk();
        byte[] file = PretrainedBert.MiniLM.ReadModel();
        Console.WriteLine("| threads | batch | kit, ms | ONNX Runtime, ms | kit / ONNX Runtime, median of pairs | least and most | vectors differ by |");
        Console.WriteLine("|--:|---|--:|--:|--:|--:|--:|");
        foreach (int threads in new[] { 1, 2 })
        {
            set_num_threads(threads);
            using var session = new InferenceSession(file, new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 });
            foreach ((int rows, int time) in new[] { (1, 32), (8, 128) }) Console.WriteLine(Row(trunk, session, threads, rows, time, turns));
        }
        return 0;
    }

    private static string Row(BertModel trunk, InferenceSession session, int threads, int rows, int time, int turns)
    {
        var random = new Random(1);
        long[] ids = [.. Enumerable.Range(0, rows * time).Select(_ => (long)random.Next(1000, 30_000))];
        using var input = tensor(ids, [rows, time]);
        NamedOnnxValue Named(string name, long[] values) => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(values, [rows, time]));
        NamedOnnxValue[] feed = [Named("input_ids", ids), Named("attention_mask", [.. ids.Select(_ => 1L)]), Named("token_type_ids", new long[ids.Length])];
        float[] Ours()
        {
            using var noGradient = inference_mode();
            using var scope = NewDisposeScope();
            return trunk.Encode(input).data<float>().ToArray();
        }
        float[] Theirs()
        {
            using var results = session.Run(feed);
            return results.First().AsTensor<float>().ToArray();
        }
        double difference = Ours().Zip(Theirs(), (a, b) => Math.Abs(a - b)).Max();
        int steps = rows == 1 ? 40 : 8;
        (double Ours, double Theirs)[] pairs = [.. Enumerable.Range(-1, turns + 1).Select(_ => (Turn(Ours, steps), Turn(Theirs, steps))).Skip(1)];
        double[] ratios = [.. pairs.Select(p => p.Ours / p.Theirs).Order()];
        return string.Create(CultureInfo.InvariantCulture,
            $"| {threads} | {rows} × {time} | {pairs.Select(p => p.Ours).Order().ElementAt(turns / 2):0.0} | {pairs.Select(p => p.Theirs).Order().ElementAt(turns / 2):0.0} | **{ratios[turns / 2]:0.00}** | {ratios[0]:0.00} to {ratios[^1]:0.00} | {difference:0.0e+0} |");
    }

    /// <summary>The median of some runs in milliseconds. Before them the other side's threads get time to go to sleep.</summary>
    private static double Turn(Func<float[]> run, int steps)
    {
        Thread.Sleep(50);
        run();
        var times = new List<double>();
        for (int i = 0; i < steps; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times.Order().ElementAt(steps / 2);
    }
}
