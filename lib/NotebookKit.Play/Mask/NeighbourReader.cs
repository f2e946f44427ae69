using NotebookKit.Pmi;

namespace NotebookKit.Play.Mask;

/// <summary>
/// A count model that fills gaps (<see cref="NeighbourPredictor"/>): it knows which piece stood most often between the visible neighbours, and
/// nothing else. What it guesses right needs no understanding.
/// </summary>
/// <param name="counts">The counts.</param>
/// <param name="alphabet">The word pieces; every [MASK] is hidden to it.</param>
/// <param name="room">Pieces that it is given at once.</param>
public sealed class NeighbourReader(NeighbourPredictor counts, PieceAlphabet alphabet, int room) : IGapReader
{
    /// <inheritdoc/>
    public string Name => "counts, no network";

    /// <inheritdoc/>
    public int Room => room;

    /// <inheritdoc/>
    public IReadOnlyList<PlaceGuesses> Guess(IReadOnlyList<int> ids, int gap, IReadOnlyList<int> truth)
    {
        int[] text = [.. ids];
        bool[] isHidden = [.. text.Select(id => id == alphabet.MaskId)];
        return [.. Enumerable.Range(0, Math.Min(truth.Count, text.Length - gap)).Select(i =>
        {
            int guess = counts.Predict(text, isHidden, gap + i);
            return new PlaceGuesses(alphabet.Pieces[truth[i]], [new(alphabet.Pieces[guess], null)], null, guess == truth[i] ? 1 : null);
        })];
    }

    /// <summary>Counts are freed by themselves.</summary>
    public void Dispose()
    {
    }
}
