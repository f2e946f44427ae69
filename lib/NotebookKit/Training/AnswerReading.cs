using NotebookKit.Models;
using NotebookKit.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>What a model can be taught about finding answers in a passage: a copy of it with two scores a token, trained as a whole (Devlin et al. 2019, §4.2).</summary>
public static class AnswerReading
{
    /// <summary>The most tokens of an answer.</summary>
    private const int Longest = 30;

    /// <summary>Fine-tunes a copy on the training questions and scores it on the test questions.</summary>
    /// <param name="trunk">The pre-trained model; it stays as it is.</param>
    /// <param name="train">Questions to train on.</param>
    /// <param name="test">Questions to score on.</param>
    /// <param name="vocabulary">The pieces of both.</param>
    /// <param name="options">Epochs, batch and rate.</param>
    /// <param name="seed">Root of the head's initial weights, the order and dropout.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public static AnswerScore Score(
        BertModel trunk, AnswerSpans train, AnswerSpans test, WordPieceVocabulary vocabulary, FineTuningOptions? options = null, Seed seed = default, CancellationToken cancellation = default)
    {
        options ??= new();
        using var scope = NewDisposeScope();
        var device = trunk.Device();
        using var model = new BertForQuestionAnswering(trunk.Config, seed.For("reader").ToInt64());
        model.to(device);
        // loss = (CE(start) + CE(end)) / 2
        FineTuning.Train(model, model.Bert, trunk, train.Count, rows =>
        {
            long[] ends = [.. rows.SelectMany(row => new long[] { train[row].First, train[row].Last })];
            return nn.functional.cross_entropy(Ends(model, train, rows, device).flatten(0, 1), tensor(ends, device: device));
        }, options, seed, cancellation);

        model.eval();
        using var noGradient = no_grad();
        return AnswerScore.Of([.. Enumerable.Range(0, test.Count).Chunk(options.BatchSize).SelectMany(rows =>
        {
            using var batch = NewDisposeScope();
            var scores = Ends(model, test, rows, device).cpu();
            return rows.Select((row, i) => AnswerScore.Of(test[row], Best(scores[i].data<float>().ToArray(), test[row]), vocabulary)).ToArray();
        })]);
    }

    /// <summary>The line that needs no model: of the passage the whole sentence that shares the most pieces with the question, the first of equals.</summary>
    /// <param name="test">Questions to score on.</param>
    /// <param name="vocabulary">Their pieces.</param>
    public static AnswerScore NearestSentence(AnswerSpans test, WordPieceVocabulary vocabulary)
    {
        int? stop = vocabulary.IdOf(".");
        return AnswerScore.Of([.. Enumerable.Range(0, test.Count).Select(i =>
        {
            var row = test[i];
            HashSet<int> asked = [.. row.Tokens[1..(row.Second - 1)]];
            List<(int First, int Last)> sentences = [];
            for (int first = row.Second, at = first; at < row.Tokens.Length - 1; at++)
                if (row.Tokens[at] == stop || at == row.Tokens.Length - 2)
                {
                    sentences.Add((first, at));
                    first = at + 1;
                }
            return AnswerScore.Of(row, sentences.MaxBy(s => row.Tokens[s.First..(s.Last + 1)].Distinct().Count(asked.Contains)), vocabulary);
        })]);
    }

    /// <summary>The span of the passage with the highest sum of both scores.</summary>
    internal static (int First, int Last) Best(float[] scores, AnswerSpans.Row row)
    {
        int time = scores.Length / 2, end = row.Tokens.Length - 1;
        (int First, int Last) best = (row.Second, row.Second);
        float most = float.NegativeInfinity;
        for (int first = row.Second; first < end; first++)
            for (int last = first; last < Math.Min(first + Longest, end); last++)
                if (scores[first] + scores[time + last] is var sum && sum > most) (most, best) = (sum, (first, last));
        return best;
    }

    private static Tensor Ends(BertForQuestionAnswering model, AnswerSpans questions, int[] rows, Device device)
    {
        var batch = questions.Batch(rows);
        return model.call(batch.Ids(device), batch.AttentionMask(device), batch.Segments(device));
    }
}
