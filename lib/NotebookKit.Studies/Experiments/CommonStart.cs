using NotebookKit.Training;
using TorchSharp;

namespace NotebookKit.Studies.Experiments;

/// <summary>
/// A model that several runs begin with, trained once and kept: the language model that is p = 0 of T0, the model that has learnt the facts to be
/// edited. A killed process finds it again, and so does every variant that shares it.
/// </summary>
public static class CommonStart
{
    /// <summary>Gives a model the weights of another of the same shape.</summary>
    /// <param name="from">The model that has them.</param>
    /// <param name="to">The model that gets them.</param>
    public static void Copy(torch.nn.Module from, torch.nn.Module to)
    {
        using var noGradient = torch.no_grad();
        foreach ((var target, var source) in to.state_dict().Values.Zip(from.state_dict().Values)) target.copy_(source);
    }

    /// <summary>Gives a model its kept weights, or trains it and keeps them.</summary>
    /// <param name="model">The model as it was made; it holds the weights afterwards.</param>
    /// <param name="key">All that determines the weights; see <see cref="RunKey.Of"/>.</param>
    /// <param name="cache">Where they are kept; null to train now.</param>
    /// <param name="train">Trains the model; is given a folder for <see cref="Resumption"/>, "" without a cache.</param>
    /// <returns>Whether the weights were found.</returns>
    public static bool Obtain(torch.nn.Module model, RunKey key, RunCache? cache, Action<string> train)
    {
        if (cache is null)
        {
            train("");
            return false;
        }
        string path = cache.WeightsOf(key);
        try
        {
            Checkpoint.LoadWeights(path, model);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or InvalidDataException)
        {
            // Not there, or damaged: made again.
        }
        train(cache.WorkFolderOf(key));
        Checkpoint.SaveWeights(path, model);
        if (Directory.Exists(cache.WorkFolderOf(key))) Directory.Delete(cache.WorkFolderOf(key), recursive: true);
        return false;
    }
}
