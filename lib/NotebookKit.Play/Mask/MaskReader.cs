using NotebookKit.Models;
using NotebookKit.Tokenizers;
using static TorchSharp.torch;

namespace NotebookKit.Play.Mask;

/// <summary>A masked language model that fills gaps.</summary>
public sealed class MaskReader : IGapReader
{
    /// <summary>Guesses that are shown for a place.</summary>
    public const int Shown = 3;

    private readonly BertForMaskedLM _model;
    private readonly WordPieceVocabulary _pieces;

    /// <summary>A model under its name.</summary>
    /// <param name="name">The name on the page: the scheme that it was trained under.</param>
    /// <param name="model">The model; it becomes the reader's.</param>
    /// <param name="pieces">Its word pieces.</param>
    /// <param name="sequenceLength">The longest sequence that it was trained on; what lies beyond it has never seen.</param>
    public MaskReader(string name, BertForMaskedLM model, WordPieceVocabulary pieces, int sequenceLength)
    {
        (Name, _model, _pieces, Room) = (name, model, pieces, sequenceLength - 2);
        model.eval();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Room { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PlaceGuesses> Guess(IReadOnlyList<int> ids, int gap, IReadOnlyList<int> truth)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        long[] input = [_pieces.ClassificationId, .. ids.Select(id => (long)id), _pieces.SeparatorId];
        long[] labels = new long[input.Length];
        Array.Fill(labels, TokenLabel.Ignored);
        int places = Math.Min(truth.Count, ids.Count - gap);
        for (int i = 0; i < places; i++) labels[gap + 1 + i] = truth[i];
        var prediction = _model.Predict(tensor(input).unsqueeze(0), tensor(labels).unsqueeze(0));
        var probabilities = prediction.Logits.softmax(-1);
        (var top, var best) = probabilities.topk(Shown, -1);
        float[] p = [.. top.data<float>()], of = [.. probabilities.gather(-1, prediction.Labels.unsqueeze(-1)).data<float>()];
        long[] pieces = [.. best.data<long>()], above = [.. probabilities.gt(probabilities.gather(-1, prediction.Labels.unsqueeze(-1))).sum(-1).data<long>()];
        return [.. Enumerable.Range(0, places).Select(place => new PlaceGuesses(
            _pieces.Pieces[truth[place]], [.. Enumerable.Range(place * Shown, Shown).Select(i => new PieceGuess(_pieces.Pieces[(int)pieces[i]], p[i]))], of[place], (int)above[place] + 1))];
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _model.Dispose();
}
