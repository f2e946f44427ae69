using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Training;

/// <summary>
/// Sequences masked once and for all: a common test for models that were trained under different maskers, whose own training losses
/// cannot be compared.
/// </summary>
public sealed class MaskedSequences
{
    private readonly PackedSequences _sequences;
    private readonly int[][] _inputs, _labels;

    private MaskedSequences(PackedSequences sequences, int[][] inputs, int[][] labels)
    {
        (_sequences, _inputs, _labels) = (sequences, inputs, labels);
        PredictedCount = labels.Sum(row => row.Count(label => label != TokenBatch.Ignored));
    }

    /// <summary>Tokens to predict, in all sequences together.</summary>
    public int PredictedCount { get; }

    /// <summary>Masks sequences.</summary>
    /// <param name="sequences">Held-out sequences.</param>
    /// <param name="masker">The masker of the common test.</param>
    /// <param name="seed">Root of the masks.</param>
    /// <exception cref="ArgumentException">The masker leaves nothing to predict.</exception>
    public static MaskedSequences Mask(PackedSequences sequences, SequenceMasker masker, Seed seed)
    {
        var inputs = new int[sequences.Count][];
        var labels = new int[sequences.Count][];
        for (int i = 0; i < sequences.Count; i++)
        {
            inputs[i] = new int[sequences[i].Length];
            labels[i] = new int[sequences[i].Length];
            masker(sequences[i], inputs[i], labels[i], seed.At(i).Value);
        }
        var masked = new MaskedSequences(sequences, inputs, labels);
        return masked.PredictedCount > 0 ? masked : throw new ArgumentException("The masker chose no token of these sequences; use more of them or a higher rate.", nameof(masker));
    }

    /// <summary>How well a model predicts the masked tokens. The model is neither changed nor left in another mode.</summary>
    /// <param name="model">The model, on any device.</param>
    /// <param name="batchSize">Sequences at a time; the result does not depend on it beyond rounding.</param>
    public MaskedLanguageScore Evaluate(BertForMaskedLM model, int batchSize = 64)
    {
        using var noGradient = no_grad();
        bool wasTraining = model.training;
        model.eval();
        double loss = 0;
        long correct = 0, words = 0, correctWords = 0;
        // Rows of one length together need no padding.
        foreach (int[] rows in Enumerable.Range(0, _inputs.Length).OrderBy(i => _inputs[i].Length).Chunk(batchSize))
        {
            using var scope = NewDisposeScope();
            var batch = new TokenBatch(rows.Length, _inputs[rows[^1]].Length, _sequences.PaddingId);
            for (int row = 0; row < rows.Length; row++)
            {
                batch.SetIds(row, _inputs[rows[row]]);
                batch.SetLabels(row, _labels[rows[row]]);
            }
            if (batch.LabelCount == 0) continue;
            Device device = model.Device();
            var prediction = model.Predict(batch.Ids(device), batch.Labels(device), batch.AttentionMask(device));
            loss += prediction.Loss.item<float>() * prediction.Labels.numel();
            bool[] right = [.. prediction.Logits.argmax(-1).eq(prediction.Labels).cpu().data<bool>()];
            correct += right.Count(r => r);
            int next = 0;
            foreach (int[] labels in rows.Select(row => _labels[row]))
                foreach (int length in PiecesOfWords(labels))
                {
                    words++;
                    if (right.AsSpan(next, length).IndexOf(false) < 0) correctWords++;
                    next += length;
                }
        }
        model.train(wasTraining);
        return new(loss / PredictedCount, (double)correct / PredictedCount, PredictedCount, (double)correctWords / words);
    }

    /// <summary>How many predicted pieces each word has that has any; a piece that continues a predicted one belongs to its word.</summary>
    private IEnumerable<int> PiecesOfWords(int[] labels)
    {
        for (int start = 0, end; start < labels.Length; start = end)
        {
            end = start + 1;
            if (labels[start] == TokenBatch.Ignored) continue;
            while (end < labels.Length && labels[end] != TokenBatch.Ignored && _sequences.Vocabulary.IsContinuation(labels[end])) end++;
            yield return end - start;
        }
    }
}

/// <summary>How well masked tokens were predicted.</summary>
/// <param name="Loss">Mean cross-entropy over all predicted tokens, in nats.</param>
/// <param name="Accuracy">Share of them whose most probable piece is the true one.</param>
/// <param name="PredictedCount">How many there were.</param>
/// <param name="WordAccuracy">
/// Share of the words with all predicted pieces right, of those with any. Under a mask of whole words it can be compared between vocabularies,
/// which the two first cannot: a word is spelled with more pieces by one than by the other.
/// </param>
public readonly record struct MaskedLanguageScore(double Loss, double Accuracy, int PredictedCount, double WordAccuracy);
