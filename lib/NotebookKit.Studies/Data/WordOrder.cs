namespace NotebookKit.Studies.Data;

/// <summary>
/// A probing task that any text carries in itself: have two neighbouring words of the sentence changed places (the "bigram shift" of
/// Conneau et al. 2018)? Both classes are made of the same words, so that who only knows words can but guess.
/// </summary>
public static class WordOrder
{
    private const int Shortest = 5;

    /// <summary>The names of the two classes, by label.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["as written", "two words exchanged"];

    /// <summary>
    /// Every second sentence as it is, in the other ones two neighbours exchanged. Sentences without two neighbours that can be are left
    /// out of both classes: these are different words of letters alone, so that no comma and no full stop moves with them.
    /// </summary>
    /// <param name="sentences">Sentences; the same ones give the same task, and any beginning of it is a fair sample if theirs is.</param>
    /// <param name="longest">The most words of a sentence.</param>
    public static IEnumerable<LabelledText> Of(IEnumerable<string> sentences, int longest = 16)
    {
        int label = 0;
        foreach (string sentence in sentences)
        {
            string[] words = sentence.Split(' ');
            int[] places = [.. Enumerable.Range(0, words.Length - 1).Where(i => CanExchange(words[i], words[i + 1]))];
            if (words.Length < Shortest || words.Length > longest || places.Length == 0) continue;
            // The hash's upper half: its remainder by 100 has already decided which part of the corpus the sentence is in.
            int place = places[(StableSplit.Hash(sentence) >> 32) % (ulong)places.Length];
            if (label == 1) (words[place], words[place + 1]) = (words[place + 1], words[place]);
            yield return new(string.Join(' ', words), label, sentence);
            label = 1 - label;
        }
    }

    private static bool CanExchange(string one, string other) =>
        one.All(char.IsLetter) && other.All(char.IsLetter) && !one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
