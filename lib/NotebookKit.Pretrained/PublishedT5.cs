using NotebookKit.Models;
using NotebookKit.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NotebookKit.Pretrained;

/// <summary>
/// A published T5 of version 1.0 or 1.1, an LM-adapted one, a flan-t5 or a T0, as its folder holds it: <c>config.json</c>, weights in one safetensors file or several
/// with their index, and <c>spiece.model</c> or <c>tokenizer.json</c>.
/// </summary>
/// <param name="Model">The model, in evaluation mode.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Report">What became of the stored names.</param>
public sealed record PublishedT5(T5ForConditionalGeneration Model, TextTokens Tokens, LoadReport Report) : IDisposable
{
    /// <summary>Loads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where the model goes; the CPU if null.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or the files do not belong together: the message names the file and the cure.</exception>
    public static PublishedT5 Load(string folder, Device? device = null)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}. Give the folder that holds the config.json and the weights of a published T5 or T0.");
        string configuration = Path.Combine(folder, "config.json");
        if (!File.Exists(configuration)) throw new FileNotFoundException($"{folder} holds no config.json. It is published beside the weights; copy it there.", configuration);
        var config = T5Config.Load(configuration);
        var tokens = SentencePieceTokens.Load(folder, config.PadTokenId, config.EosTokenId);
        if (tokens.Count > config.VocabSize)
            throw new InvalidDataException($"{folder}: the tokenizer has {tokens.Count} tokens and config.json a vocab_size of {config.VocabSize}. They are of two models; get both files again from one place.");
        var model = new T5ForConditionalGeneration(config);
        try
        {
            var report = model.LoadWeights(folder);
            // Weights that nobody reads are a sign of a wrong shape: a config.json of fewer layers would leave the rest of the model away.
            if (report.Unexpected.Count > 0)
                throw new InvalidDataException($"{report.Path} holds {report.Unexpected.Count} tensors that a model of {configuration} has no place for, the first '{report.Unexpected[0]}'. Get both files again from one place.");
            model.to(device ?? CPU).eval();
            return new(model, tokens, report);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();
}
