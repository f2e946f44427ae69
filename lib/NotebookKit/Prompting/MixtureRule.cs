namespace NotebookKit.Prompting;

/// <summary>How often each prompt of each data set is sampled, before normalisation.</summary>
public abstract record MixtureRule
{
    /// <summary>
    /// T0's rule: a prompt's rate is the size of its data set, unless that is above the cap; then it is the cap divided by the number
    /// of prompts. So the cap binds whole data sets above it, while one just below counts once for every prompt it has: that is why
    /// cnn_dailymail (287 thousand examples, 9 prompts) outweighs gigaword (3.8 million) five times.
    /// </summary>
    /// <param name="Cap">500,000 in T0.</param>
    public sealed record T0(long Cap = 500_000) : MixtureRule
    {
        /// <inheritdoc/>
        public override double Rate(MixtureSource source) => source.TrainExamples > Cap ? Cap / source.Prompts.Count : source.TrainExamples;
    }

    /// <summary>What the text of the paper says: a data set counts min(size, cap) examples, shared by its prompts.</summary>
    /// <param name="Cap">The largest size that counts.</param>
    public sealed record Capped(long Cap = 500_000) : MixtureRule
    {
        /// <inheritdoc/>
        public override double Rate(MixtureSource source) => (double)Math.Min(source.TrainExamples, Cap) / source.Prompts.Count;
    }

    /// <summary>Every data set by its size, shared by its prompts.</summary>
    public sealed record Proportional : MixtureRule
    {
        /// <inheritdoc/>
        public override double Rate(MixtureSource source) => (double)source.TrainExamples / source.Prompts.Count;
    }

    /// <summary>Every data set alike, shared by its prompts.</summary>
    public sealed record EqualDatasets : MixtureRule
    {
        /// <inheritdoc/>
        public override double Rate(MixtureSource source) => 1.0 / source.Prompts.Count;
    }

    /// <summary>Every prompt alike.</summary>
    public sealed record EqualPrompts : MixtureRule
    {
        /// <inheritdoc/>
        public override double Rate(MixtureSource source) => 1;
    }

    /// <summary>Size to the power 1/T, shared by the prompts: T = 1 is proportional, a large T is nearly equal.</summary>
    /// <param name="Value">T, at least 1.</param>
    public sealed record Temperature(double Value) : MixtureRule
    {
        /// <inheritdoc/>
        public override double Rate(MixtureSource source) => Math.Pow(source.TrainExamples, 1 / Value) / source.Prompts.Count;
    }

    /// <summary>The rate of one prompt of a data set.</summary>
    public abstract double Rate(MixtureSource source);
}

/// <summary>A data set that takes part in a mixture: its size and its prompts.</summary>
/// <param name="Dataset">Data set and subset.</param>
/// <param name="TrainExamples">Rows of the training split.</param>
/// <param name="Prompts">Names of the prompts; each is a task of its own in the mixture.</param>
public sealed record MixtureSource(string Dataset, long TrainExamples, IReadOnlyList<string> Prompts);
