namespace LivingCity.Gateway.Portal.Dataspace;

/// <summary>Names the texts of the data space's pages: <c>DataspaceTexts.resx</c> (English) and <c>DataspaceTexts.bg.resx</c>.</summary>
internal sealed class DataspaceTexts;
