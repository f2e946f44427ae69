using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// Where a chat model answers: OpenAI, Azure OpenAI (its <c>/openai/v1/</c> address) or any server that speaks their chat completions.
/// The default is no endpoint: nothing is sent anywhere unless an address is given.
/// </summary>
public sealed record ChatEndpoint
{
    /// <summary>The address up to and with <c>/v1</c>; empty for no chat model.</summary>
    public string Address { get; init; } = "";

    /// <summary>The model, or Azure's deployment.</summary>
    public string Model { get; init; } = "";

    /// <summary>The environment variable that holds the key. A server on this machine may do without.</summary>
    public string KeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>The longest wait for one try.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tries after the first, for rates that are exceeded (429), faults of the server (500 to 504) and lost connections; the client waits longer before each, or as long as the server asks.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>A client for the model; null if no address is given. The caller owns it.</summary>
    /// <exception cref="ArgumentException">The address is none, would send the key in the clear, or the model is not named.</exception>
    /// <exception cref="InvalidOperationException">The environment holds no key.</exception>
    public IChatClient? Open()
    {
        if (Address.Length == 0) return null;
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{Address}' is not the address of a chat model. Give it whole, such as https://api.openai.com/v1.");
        if (uri.Scheme == "http" && !uri.IsLoopback)
            throw new ArgumentException($"'{Address}' would carry the key unencrypted. Use https; http is for a server on this machine.");
        if (Model.Length == 0) throw new ArgumentException($"No model is named for {Address}. Name the one that is to answer.");
        string? key = Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(key) && !uri.IsLoopback)
            throw new InvalidOperationException($"{Address} needs a key, and the environment variable {KeyVariable} holds none. Set it before the notebook starts, or name another variable.");
        var options = new OpenAIClientOptions { Endpoint = uri, NetworkTimeout = Timeout, RetryPolicy = new ClientRetryPolicy(Retries) };
        return new OpenAIClient(new ApiKeyCredential(string.IsNullOrWhiteSpace(key) ? "none" : key), options).GetChatClient(Model).AsIChatClient();
    }
}
